package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls all listeners; logs their exceptions, so that they do not affect the consumer. */
record Listeners(ConsumerName name, List<ConsumerListener> all) implements ConsumerListener {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  @Override
  public void batchDone(Batch batch, long events, Duration took) {
    callEach(listener -> listener.batchDone(batch, events, took));
  }

  @Override
  public void failed(Exception failure, Duration pause) {
    callEach(listener -> listener.failed(failure, pause));
  }

  private void callEach(Consumer<ConsumerListener> method) {
    for (ConsumerListener listener : all) {
      try {
        method.accept(listener);
      } catch (RuntimeException e) { // application code; the batch is committed
        log.warn("{}: a listener failed", name, e);
      }
    }
  }
}

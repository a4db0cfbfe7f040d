package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners; none of them can harm the consumer. */
record Listeners(ConsumerName name, List<ConsumerListener> all) implements ConsumerListener {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  @Override
  public void batchDone(Batch batch, long events, Duration took) {
    tell(listener -> listener.batchDone(batch, events, took));
  }

  @Override
  public void failed(Exception failure, Duration pause) {
    tell(listener -> listener.failed(failure, pause));
  }

  private void tell(Consumer<ConsumerListener> what) {
    for (ConsumerListener listener : all) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) { // somebody else's code, and the batch is done
        log.warn("{}: a listener failed", name, e);
      }
    }
  }
}

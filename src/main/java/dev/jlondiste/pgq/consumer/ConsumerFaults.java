package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Reaction;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failed step is told and repeated after a growing pause, for ever: passing over an event would
 * lose it, and giving up would need an operator to start again. Called by the consumer's thread
 * only.
 */
final class ConsumerFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(ConsumerFaults.class);

  private final ConsumerName name;
  private final Backoff backoff;
  private final ConsumerListener listener;

  ConsumerFaults(ConsumerName name, Backoff backoff, ConsumerListener listener) {
    this.name = name;
    this.backoff = backoff;
    this.listener = listener;
  }

  @Override
  public Reaction onFailure(Exception failure) {
    Duration pause = backoff.next();
    if (failure instanceof SQLException sql && SqlFaults.isTransient(sql)) {
      log.warn("{}: {}, again in {} ms", name, sql.getMessage(), pause.toMillis());
    } else {
      log.error("{}: {}, again in {} ms", name, failure.getMessage(), pause.toMillis(), failure);
    }
    listener.failed(failure, pause);
    return Reaction.retryAfter(pause);
  }

  @Override
  public void onSuccess() {
    backoff.reset();
  }
}

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
 * lose it, and giving up would need somebody who starts again. The consumer's thread calls it;
 * {@link #isFailing} may be asked by any.
 */
final class ConsumerFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(ConsumerFaults.class);

  private final ConsumerName name;
  private final Backoff backoff;
  private final ConsumerListener listener;
  private volatile boolean failing;

  ConsumerFaults(ConsumerName name, Backoff backoff, ConsumerListener listener) {
    this.name = name;
    this.backoff = backoff;
    this.listener = listener;
  }

  @Override
  public Reaction onFailure(Exception failure) {
    failing = true;
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
    failing = false;
    backoff.reset();
  }

  /** True from a failure to the next step that succeeds: ticks are then no reason to hurry. */
  boolean isFailing() {
    return failing;
  }
}

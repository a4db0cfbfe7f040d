package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultLog;
import dev.jlondiste.loop.FaultReport;
import dev.jlondiste.loop.FaultRules;
import dev.jlondiste.loop.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Retries a failed step indefinitely: to skip an event would lose it, and after giving up an
 * operator would have to start the consumer again. Called by the consumer's thread only.
 */
final class ConsumerFaults implements FaultRules {
  private static final Logger log = LoggerFactory.getLogger(ConsumerFaults.class);
  private static final Duration REPEAT_MESSAGE = Duration.ofMinutes(1);

  private final ConsumerName name;
  private final Backoff backoff;
  private final ConsumerListener listener;

  private ConsumerFaults(ConsumerName name, Backoff backoff, ConsumerListener listener) {
    this.name = name;
    this.backoff = backoff;
    this.listener = listener;
  }

  static RetryPolicy policy(
      ConsumerName name, Backoff backoff, ConsumerListener listener, InstantSource clock) {
    return new RetryPolicy(
        new ConsumerFaults(name, backoff, listener),
        new FaultLog(log, name + ":", REPEAT_MESSAGE, clock));
  }

  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    return Optional.of(FailedAttempt.of(failure, number, backoff));
  }

  /** Logs the stack trace of a permanent failure, because its cause is probably in the handler. */
  @Override
  public FaultReport report(FailedAttempt attempt) {
    boolean mayPass = attempt.kind().mayPass();
    return FaultReport.of(
            mayPass ? Level.WARN : Level.ERROR,
            attempt.message(),
            "%s: %s, again in %d ms".formatted(name, attempt.message(), attempt.pause().toMillis()))
        .traced(!mayPass);
  }

  @Override
  public void failed(FailedAttempt attempt) {
    listener.failed(attempt.failure(), attempt.pause());
  }
}

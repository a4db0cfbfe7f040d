package dev.jlondiste.cascade;

import dev.jlondiste.config.JobSettings;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Reaction;
import dev.jlondiste.metrics.Meters;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker does about a failed step: says so, stores it in the node where {@code status} shows
 * it, and tries again, for ever; only a node that is not there any more ends it. Called by the
 * worker's thread only.
 */
public final class WorkerFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(WorkerFaults.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final CascadedWorker worker;
  private final Predicate<SQLException> isTransient;
  private final Meters meters;
  private final Clock clock;
  private Backoff backoff;
  private Instant graceStart = Instant.MIN;
  private Instant lastFailure = Instant.MIN;

  /** {@code isTransient} tells failures that pass by themselves: they are retried sooner. */
  public WorkerFaults(
      Supplier<NodeSettings> settings,
      Database local,
      CascadedWorker worker,
      Predicate<SQLException> isTransient,
      Meters meters,
      Clock clock) {
    this.settings = settings;
    this.local = local;
    this.worker = worker;
    this.isTransient = isTransient;
    this.meters = meters;
    this.clock = clock;
    this.backoff = newBackoff();
  }

  private Backoff newBackoff() {
    Duration longest = settings.get().job().exceptionSleep();
    return new Backoff(FIRST_RETRY, longest.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : longest);
  }

  @Override
  public Reaction onFailure(Exception failure) {
    if (failure instanceof UnknownConsumer || failure instanceof CopiedDatabase) {
      log.error("{}", failure.getMessage());
      return Reaction.giveUp(String.valueOf(failure.getMessage()));
    }
    boolean passesByItself = failure instanceof SQLException e && isTransient.test(e);
    Duration pause = passesByItself ? backoff.next() : settings.get().job().exceptionSleep();
    meters.failure(settings.get().consumerName());
    report(failure, pause);
    worker.beCareful();
    return Reaction.retryAfter(pause);
  }

  @Override
  public void onSuccess() {
    backoff = newBackoff();
  }

  private void report(Exception failure, Duration pause) {
    JobSettings job = settings.get().job();
    String text =
        failure instanceof SQLException
            ? "Job " + job.jobName() + " got error on connection: " + failure.getMessage()
            : "Job " + job.jobName() + " crashed: " + failure.getMessage();
    String line = text + " (retrying in " + pause.toSeconds() + " s)";
    if (isQuiet(failure, job)) {
      log.warn("{}", line);
    } else {
      log.error("{}", line);
    }
    log.debug("stack trace", failure);
    try {
      local.call(
          db ->
              NodeFunctions.setConsumerError(
                  db,
                  settings.get().queueName(),
                  settings.get().consumerName(),
                  String.valueOf(failure.getMessage())));
    } catch (SQLException | RuntimeException e) {
      log.warn("Failure to call pgq_node.set_consumer_error(): {}", e.getMessage());
    }
  }

  /** Named kinds of failures are only warnings for the first while. */
  private boolean isQuiet(Exception failure, JobSettings job) {
    Instant now = clock.instant();
    if (lastFailure.equals(Instant.MIN) || lastFailure.plus(job.exceptionReset()).isBefore(now)) {
      graceStart = now;
    }
    lastFailure = now;
    return now.isBefore(graceStart.plus(job.exceptionGrace()))
        && (job.exceptionQuiet().contains("ALL")
            || job.exceptionQuiet().contains(failure.getClass().getSimpleName()));
  }
}

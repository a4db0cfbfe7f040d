package dev.jlondiste.cascade;

import dev.jlondiste.config.JobSettings;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.OnError;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Reaction;
import dev.jlondiste.metrics.Meters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a worker does about a failed step: logs it, stores it in the node where {@code status} shows
 * it, and tries again, indefinitely, after pauses that grow up to {@code exception_sleep}; only a
 * node that no longer exists ends it. Called by the worker's thread only.
 */
public final class WorkerFaults implements FaultPolicy {
  private static final Logger log = LoggerFactory.getLogger(WorkerFaults.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final CascadedWorker worker;
  private final Meters meters;
  private final Clock clock;
  private Backoff backoff;
  private Instant graceStart = Instant.MIN;
  private Instant lastFailure = Instant.MIN;

  /** The worker's row as it was when the present pause began; empty when it could not be read. */
  private Optional<ConsumerState> atFailure = Optional.empty();

  public WorkerFaults(
      Supplier<NodeSettings> settings,
      Database local,
      CascadedWorker worker,
      Meters meters,
      Clock clock) {
    this.settings = settings;
    this.local = local;
    this.worker = worker;
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
      log.error("{}", failure instanceof UnknownConsumer ? explain(failure) : failure.getMessage());
      return Reaction.giveUp(String.valueOf(failure.getMessage()));
    }
    Duration pause = backoff.next();
    meters.failure(settings.get().consumerName());
    Trouble trouble = worker.trouble();
    Level level = isQuiet(failure, settings.get().job()) ? Level.WARN : Level.ERROR;
    switch (trouble.failed(failure, clock.instant())) {
      case IN_FULL -> report(failure, pause, level);
      case AS_SUMMARY ->
          log.atLevel(level)
              .log(
                  "Job {}: still failing, {}: {} (retrying in {} s)",
                  settings.get().job().jobName(),
                  trouble.count(clock.instant()),
                  firstLine(trouble.text()),
                  pause.toSeconds());
      case NOT_AT_ALL -> log.debug("failed again, {}", trouble.count(clock.instant()), failure);
    }
    store(trouble.text());
    return Reaction.retryAfter(pause);
  }

  /** The node was dropped, or its worker has another name. */
  private String explain(Exception failure) {
    try {
      return MissingWorker.find(local, settings.get().queueName(), settings.get().consumerName())
          .map(missing -> missing.problem() + "\nHINT:  " + missing.hint())
          .orElse(String.valueOf(failure.getMessage()));
    } catch (SQLException e) {
      return String.valueOf(failure.getMessage());
    }
  }

  @Override
  public void onSuccess() {
    backoff = newBackoff();
  }

  /**
   * An operator has paused or resumed the worker, asked it to try again, given it another provider
   * or position, or cleared its error: all of that is in its row. A cause that was repaired
   * elsewhere is noticed by the next attempt.
   */
  @Override
  public boolean isPauseOver() {
    try {
      return atFailure.isPresent() && !local.call(this::state).equals(atFailure.get());
    } catch (SQLException | RuntimeException e) {
      log.debug("cannot read the worker's state: {}", e.getMessage());
      return false;
    }
  }

  private ConsumerState state(Connection db) throws SQLException {
    NodeSettings now = settings.get();
    return NodeFunctions.getConsumerState(db, now.queueName(), now.consumerName());
  }

  private void report(Exception failure, Duration pause, Level level) {
    JobSettings job = settings.get().job();
    String text =
        failure instanceof SQLException
            ? "Job " + job.jobName() + " got error on connection: " + failure.getMessage()
            : "Job " + job.jobName() + " crashed: " + failure.getMessage();
    String where = failure instanceof RefusedEvent refused ? refused.where() + "; " : "";
    String line = text + " (" + where + "retrying in " + pause.toSeconds() + " s)" + hint(failure);
    log.atLevel(level).log(line);
    log.debug("stack trace", failure);
  }

  private String hint(Exception failure) {
    if (!(failure instanceof RefusedEvent refused) || refused.table().isEmpty()) {
      return "";
    }
    return "\nHINT:  repair the row or the table on this node, or run 'resync "
        + refused.table().get()
        + "'"
        + (settings.get().onError() == OnError.STOP
            ? "; on_error = set-aside lets the other tables go on"
            : "");
  }

  private void store(String text) {
    try {
      atFailure = Optional.of(stored(text));
    } catch (SQLException | RuntimeException e) {
      log.debug("Failure to call pgq_node.set_consumer_error(): {}", e.getMessage());
      try {
        // The database's encoding may lack a character of a message from elsewhere.
        atFailure = Optional.of(stored(text.replaceAll("[^\\x01-\\x7f]", "?")));
      } catch (SQLException | RuntimeException again) {
        atFailure = Optional.empty();
      }
    }
  }

  private ConsumerState stored(String text) throws SQLException {
    NodeSettings now = settings.get();
    return local.call(
        db -> {
          NodeFunctions.setConsumerError(db, now.queueName(), now.consumerName(), text);
          return state(db);
        });
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
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
            || LondisteErrorNames.of(failure).stream().anyMatch(job.exceptionQuiet()::contains));
  }
}

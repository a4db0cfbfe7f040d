package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.OnError;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultLog;
import dev.jlondiste.loop.FaultReport;
import dev.jlondiste.loop.FaultRules;
import dev.jlondiste.loop.RetryPolicy;
import dev.jlondiste.metrics.Meters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Retries a worker's failures indefinitely, with pauses that grow up to {@code exception_sleep}.
 * The worker ends only if its node no longer exists. Each failure is stored in the node, where
 * {@code status} shows it. Called by the worker's thread only.
 */
public final class WorkerFaults implements FaultRules {
  private static final Logger log = LoggerFactory.getLogger(WorkerFaults.class);
  private static final Duration REPEAT_PERIOD = Duration.ofMinutes(5);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final CascadedWorker worker;
  private final Meters meters;
  private final Clock clock;
  private final QuietFailures quiet;

  /** The worker's row as it was when the present pause began; empty if it could not be read. */
  private Optional<ConsumerState> atFailure = Optional.empty();

  private WorkerFaults(
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
    this.quiet = new QuietFailures(clock);
  }

  /** Creates the policy for the loop of {@code worker}. */
  public static RetryPolicy policy(
      Supplier<NodeSettings> settings,
      Database local,
      CascadedWorker worker,
      Meters meters,
      Clock clock) {
    String job = "Job " + settings.get().job().jobName() + ":";
    return new RetryPolicy(
        new WorkerFaults(settings, local, worker, meters, clock),
        new FaultLog(log, job, REPEAT_PERIOD, clock));
  }

  @Override
  public Optional<String> endsLoop(Exception failure) {
    if (failure instanceof UnknownConsumer || failure instanceof CopiedDatabase) {
      log.error("{}", failure instanceof UnknownConsumer ? explain(failure) : failure.getMessage());
      return Optional.of(String.valueOf(failure.getMessage()));
    }
    return Optional.empty();
  }

  @Override
  public Optional<FailedAttempt> attempt(Exception failure, int number) {
    Backoff backoff = Backoff.upTo(settings.get().job().exceptionSleep());
    return Optional.of(FailedAttempt.of(failure, number, backoff));
  }

  @Override
  public FaultReport report(FailedAttempt attempt) {
    Exception failure = attempt.failure();
    Trouble trouble = worker.trouble();
    String key = trouble.failed(failure, clock.instant());
    String brief = FaultReport.firstLine(trouble.text()) + retrying(attempt, "");
    return new FaultReport(
        quiet.isQuiet(failure, settings.get().job()) ? Level.WARN : Level.ERROR,
        key,
        full(attempt),
        brief,
        false,
        Optional.of(trouble.count(clock.instant())));
  }

  @Override
  public void failed(FailedAttempt attempt) {
    meters.failure(settings.get().consumerName());
    store(worker.trouble().text());
  }

  /**
   * A step without a batch, for example while the worker is paused, does not prove that the cause
   * is removed.
   */
  @Override
  public boolean hasRecovered() {
    return !worker.trouble().isOpen();
  }

  /** Explains why the worker is unknown: the node was dropped, or its worker has another name. */
  private String explain(Exception failure) {
    try {
      return MissingWorker.find(local, settings.get().queueName(), settings.get().consumerName())
          .map(UserError::text)
          .orElse(String.valueOf(failure.getMessage()));
    } catch (SQLException e) {
      return String.valueOf(failure.getMessage());
    }
  }

  /**
   * True if an operator has paused or resumed the worker, requested a retry, changed its provider
   * or position, or cleared its error: each of these changes the worker's row. A cause that was
   * repaired elsewhere is detected by the next attempt.
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

  private String full(FailedAttempt attempt) {
    Exception failure = attempt.failure();
    String kind = failure instanceof SQLException ? "got error on connection" : "crashed";
    String where = failure instanceof RefusedEvent refused ? refused.where() + "; " : "";
    String text =
        "Job %s %s: %s%s"
            .formatted(
                settings.get().job().jobName(),
                kind,
                failure.getMessage(),
                retrying(attempt, where));
    return Hint.after(text, hint(failure).orElse(null));
  }

  private static String retrying(FailedAttempt attempt, String where) {
    return " (" + where + "retrying in " + attempt.pauseSeconds() + " s)";
  }

  private Optional<String> hint(Exception failure) {
    if (failure instanceof UnreachableProvider unreachable) {
      return Optional.of(MovedNode.hint(unreachable.node()));
    }
    if (failure instanceof RefusedEvent refused && refused.script().isPresent()) {
      return Optional.of(
          "repair the cause on this node, then 'resume'; or do by hand what the script does, then"
              + " 'execute --skip "
              + refused.script().get()
              + "' on this node");
    }
    return (failure instanceof RefusedEvent refused ? refused.table() : Optional.<String>empty())
        .map(
            table ->
                "repair the row or the table on this node, or run 'resync "
                    + table
                    + "'"
                    + (settings.get().onError() == OnError.STOP
                        ? "; change-on-error lets the node continue without such events of the table, or"
                            + " without the table"
                        : ""));
  }

  private void store(String text) {
    try {
      atFailure = Optional.of(stored(text));
    } catch (SQLException | RuntimeException e) {
      log.debug("Failure to call pgq_node.set_consumer_error(): {}", e.getMessage());
      try {
        // The database's encoding may not have a character of another server's message.
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
}

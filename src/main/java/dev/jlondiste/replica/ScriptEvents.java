package dev.jlondiste.replica;

import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.script.Script;
import dev.jlondiste.replica.script.ScriptExecution;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Runs the scripts that {@code execute} sent through the queue, in order with the row events. */
final class ScriptEvents {
  /**
   * How long a script tries to get its locks before the batch is rolled back. With it the worker
   * releases the rows that it has changed, which another worker of a merge may wait for.
   */
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

  private final Supplier<NodeSettings> settings;

  ScriptEvents(Supplier<NodeSettings> settings) {
    this.settings = settings;
  }

  /**
   * Runs the script in role {@code local}: application triggers fire, capture triggers do not.
   * Changes of earlier events must have been written, so every failure is one of the script.
   */
  void run(Event event, Connection local) throws SQLException {
    Script script = Script.received(event.requiredExtra1(), event.requiredData(), event.extra2());
    ShortLocks locks = ShortLocks.of(LOCK_TIMEOUT, new StopSignal());
    try {
      ScriptExecution.onSubscriber(settings.get(), locks).run(local, List.of(script));
    } catch (SQLException e) {
      throw RefusedEvent.of(event, null, e);
    } catch (UserError e) {
      // Locks are acquired later; all else is like a refused statement.
      if (e.getCause() instanceof SQLException cause && SqlFaults.isTransient(cause)) {
        throw new SQLException(script.name() + ": " + e.problem(), SqlFaults.state(cause), e);
      }
      throw RefusedEvent.of(event, null, e);
    }
    LondisteFunctions.setSessionReplicationRole(local, "replica", true);
  }
}

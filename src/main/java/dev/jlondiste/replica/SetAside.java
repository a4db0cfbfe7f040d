package dev.jlondiste.replica;

import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.OnError;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.Hint;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implements {@code on_error = set-aside}: excludes a table whose events cannot be applied from
 * replication, so that the other tables continue.
 *
 * <p>A table that is set aside has state NULL, as a table that waits for a copy, and a fault of
 * kind {@code apply}. While the fault exists, no copy starts. {@code resync} deletes the fault.
 * State and fault change in one transaction, after the rollback of the batch and before its next
 * attempt. If the worker is killed in between, the batch fails again and the table is set aside
 * then.
 */
final class SetAside {
  private static final Logger log = LoggerFactory.getLogger(SetAside.class);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private boolean saidUnsupported;

  SetAside(Supplier<NodeSettings> settings, Database local) {
    this.settings = settings;
    this.local = local;
  }

  /**
   * Sets the table aside. Returns false if that is not configured or would not help.
   *
   * @param table the table of the refused event, as the failed batch read it
   * @param completed the tick at which the failed batch began
   */
  boolean setAside(TableInfo table, RefusedEvent event, long completed) throws SQLException {
    if (table.onError(settings.get().onError()) != OnError.SET_ASIDE || !FaultOfEvent.is(event)) {
      return false;
    }
    if (!local.ask(TableFaults::areKept)) {
      sayUnsupported();
      return false;
    }
    String queue = settings.get().queueName();
    NodePosition position = new NodePosition(queue, settings.get().consumerName());
    Map<String, String> details = new LinkedHashMap<>();
    details.put("event", String.valueOf(event.eventId()));
    details.put("tick", String.valueOf(completed));
    PartitionedRows.of(table).ifPresent(rows -> details.put(TableFault.REMEDY, rows.hint()));
    String message = event.where() + ": " + event.reason();
    boolean done =
        local.call(
            db ->
                position.holdAfter(db, completed)
                    && TableStates.change(db, queue, table, TableState.MISSING, null)
                    && TableFaults.record(
                        db, queue, table.name(), TableFault.Kind.APPLY, message, null, details));
    if (done) {
      log.error(
          Hint.after(
              "Table %s is set aside, its events are skipped from now on: %s"
                  .formatted(table.name(), message),
              "remove the cause, then "
                  + PartitionedRows.of(table)
                      .map(PartitionedRows::hint)
                      .orElse("run 'resync " + table.name() + "'")));
    }
    return done;
  }

  private void sayUnsupported() {
    if (!saidUnsupported) {
      saidUnsupported = true;
      log.warn(
          Hint.after(
              "on_error = set-aside needs this program's SQL in the node's database, so the node"
                  + " stops instead",
              "psql -f sql/install.sql installs it in place of Londiste's"));
    }
  }
}

package dev.jlondiste.replica.apply;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.Connection;
import java.sql.SQLException;

/** Writes row events to local tables, in the order of the events. Belongs to one transaction. */
public final class RowApplier {
  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;

  /** {@code careful}: send statements one by one, so that a failure names its event. */
  public RowApplier(Connection local, TargetTables tables, NodeSettings settings, boolean careful) {
    this.local = local;
    this.tables = tables;
    this.queue =
        new StatementQueue(
            local, settings.applyBatchStatements(), settings.applyBatchBytes(), careful);
  }

  /** {@code table} is the local table, which may be named otherwise than the event says. */
  public void apply(Event event, TableName table) throws SQLException {
    RowStatement statements = tables.statements(table, local);
    if (event.type().length() == 1) {
      String sql = statements.ofFragment(event.type(), event.requiredData());
      queue.add(sql, !event.type().equals("I"), event);
      return;
    }
    RowChange change = RowChangeReader.read(event);
    queue.add(statements.of(change), change.operation() != RowChange.Operation.INSERT, event);
  }

  /**
   * Cascades, as the reference does: a referencing table cannot keep rows that refer to nothing.
   */
  public void truncate(Event event, TableName table) throws SQLException {
    queue.add("truncate " + table.quoted() + " cascade", false, event);
  }

  /** To be called before anything else is done in the transaction, and at its end. */
  public void flush() throws SQLException {
    queue.flush();
  }

  /** Updates and deletes that found no row: a sign that the table differs from the provider's. */
  public long missed() {
    return queue.missed();
  }
}

package dev.jlondiste.replica.apply;

import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Writes changes one by one, each as the statement that it was on the source. Belongs to one
 * transaction.
 */
final class SingleWriter {
  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final ApplyLimits limits;
  private final BulkWriter bulk;

  /** {@code bulk} writes rows that are too large for a statement. */
  SingleWriter(
      Connection local,
      TargetTables tables,
      StatementQueue queue,
      ApplyLimits limits,
      BulkWriter bulk) {
    this.local = local;
    this.tables = tables;
    this.queue = queue;
    this.limits = limits;
    this.bulk = bulk;
  }

  /** All changes, in their order. */
  void write(ChangeBuffer buffer) throws SQLException {
    buffer.forEach(this::write);
  }

  /** The changes of tables that have no net effect, in their order. */
  void writeUnfolded(ChangeBuffer buffer) throws SQLException {
    buffer.forEachUnfolded(this::write);
  }

  private void write(TableName table, RowChange change) throws SQLException {
    if (change.isReplacing()) {
      queue.add(tables.statements(table, local).delete(change), false);
    }
    queue.add(tables.statements(table, local).of(change), mustAffectOne(change));
  }

  /** Writes the change now, or queues it to be sent with those that follow. */
  void write(RowChange change, TableName table, Event event) throws SQLException {
    if (change.isReplacing()) {
      queue.add(tables.statements(table, local).delete(change), false, event, change);
    }
    try {
      if (change.isLarge()
          && !change.isRaw()
          && bulk.writeLarge(change, tables.table(table, local))) {
        return;
      }
    } catch (SQLException e) {
      throw limits.careful() ? RefusedEvent.of(event, change, e) : e;
    }
    queue.add(tables.statements(table, local).of(change), mustAffectOne(change), event, change);
  }

  private static boolean mustAffectOne(RowChange change) {
    return change.operation() != RowChange.Operation.INSERT;
  }

  /** Queues an event of {@code pgq.sqltriga}. */
  void writeFragment(Event event, TableName table) throws SQLException {
    String sql = tables.statements(table, local).ofFragment(event.type(), event.requiredData());
    boolean mustAffectOne = !event.type().equals("I") && !event.isPartitionDeletion();
    queue.add(sql, mustAffectOne, event, null);
  }

  /** At least one key update, all of one table, in one statement. */
  void write(List<KeyUpdates.KeyUpdate> updates) throws SQLException {
    queue.flush();
    KeyUpdates.KeyUpdate last = updates.get(updates.size() - 1);
    RowStatement statements = tables.statements(last.table(), local);
    try (Statement statement = local.createStatement()) {
      Long[] updated = counts(statement, statements.keyUpdates(updates));
      for (int i = 0; i < updated.length; i++) {
        RowChange to = updates.get(i).to();
        // A foreign key may have updated it with the row that it refers to.
        if (updated[i] == 0 && statement.executeUpdate(statements.keyUpdate(to, to)) == 0) {
          statement.executeUpdate(statements.insert(to));
          queue.addMissed(1);
        }
      }
    } catch (SQLException e) {
      throw limits.careful() ? RefusedEvent.of(last.event(), last.to(), e) : e;
    }
  }

  private static Long[] counts(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return (Long[]) result.getArray(1).getArray();
    }
  }
}

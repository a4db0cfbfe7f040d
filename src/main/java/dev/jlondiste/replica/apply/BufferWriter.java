package dev.jlondiste.replica.apply;

import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes segments: what they come to, in sets; few changes, and what the server refuses as a set,
 * one by one. Belongs to one transaction.
 */
final class BufferWriter {
  private static final Logger log = LoggerFactory.getLogger(BufferWriter.class);

  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final ApplyLimits limits;
  private final BulkWriter sets;

  BufferWriter(Connection local, TargetTables tables, ApplyLimits limits) {
    this.local = local;
    this.tables = tables;
    this.limits = limits;
    this.queue = new StatementQueue(local, limits);
    this.sets = new BulkWriter(local, tables, queue, limits.rows());
  }

  void write(ChangeBuffer segment) throws SQLException {
    if (limits.isLittle(segment)
        || !isUpToDate(segment)
        || tables.haveFiringTriggers(segment.tables(), local)) {
      play(segment);
    } else {
      writeSets(segment);
    }
  }

  /** False when a table turned out to be another than it was thought to be. */
  private boolean isUpToDate(ChangeBuffer segment) throws SQLException {
    for (TargetTable table : segment.targets()) {
      if (!tables.table(table.name(), local).equals(table)) {
        return false;
      }
    }
    return true;
  }

  private void play(ChangeBuffer segment) throws SQLException {
    segment.forEach(
        (table, change) ->
            queue.add(
                tables.statements(table, local).of(change),
                change.operation() != RowChange.Operation.INSERT));
  }

  /** One by one: at once, or together with those that follow. */
  void play(RowChange change, TableName table, Event event) throws SQLException {
    try {
      if (change.isLarge()
          && !change.isRaw()
          && sets.writeLarge(change, tables.table(table, local))) {
        return;
      }
    } catch (SQLException e) {
      throw limits.careful() ? RefusedEvent.of(event, change, e) : e;
    }
    queue.add(
        tables.statements(table, local).of(change),
        change.operation() != RowChange.Operation.INSERT,
        event,
        change);
  }

  void playFragment(Event event, TableName table) throws SQLException {
    String sql = tables.statements(table, local).ofFragment(event.type(), event.requiredData());
    queue.add(sql, !event.type().equals("I"), event, null);
  }

  /** Some rows of one table, at once. */
  void move(List<KeyMoves.Move> moves) throws SQLException {
    queue.flush();
    KeyMoves.Move last = moves.get(moves.size() - 1);
    RowStatement statements = tables.statements(last.table(), local);
    try (Statement statement = local.createStatement()) {
      Long[] moved = counts(statement, statements.moves(moves));
      for (int i = 0; i < moved.length; i++) {
        RowChange to = moves.get(i).to();
        // a foreign key may have moved it with the row that it refers to
        if (moved[i] == 0 && statement.executeUpdate(statements.move(to, to)) == 0) {
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

  /** What was added before is written first. */
  void write(Truncates truncates) throws SQLException {
    if (!truncates.isEmpty()) {
      queue.flush();
      truncates.write(local, tables, limits.careful());
    }
  }

  private void writeSets(ChangeBuffer segment) throws SQLException {
    queue.flush();
    long missedBefore = queue.missed();
    Savepoint before = local.setSavepoint();
    try {
      sets.write(segment);
      local.releaseSavepoint(before);
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e) || !Conversation.isIntact(e)) {
        throw e;
      }
      // Ordinary, and as often as a batch: unique values that change hands.
      log.debug(
          "{} changes cannot be written as a set, going on one by one: {}",
          segment.size(),
          e.getMessage());
      undo(before, e);
      queue.forget(missedBefore);
      sets.forget();
      tables.forget(); // they may have changed
      play(segment);
    }
  }

  private void undo(Savepoint before, SQLException failure) throws SQLException {
    try {
      local.rollback(before);
    } catch (SQLException e) {
      failure.addSuppressed(e);
      throw failure; // the reason for both
    }
  }

  /** Sends what waits for more. */
  void flush() throws SQLException {
    queue.flush();
  }

  /** Updates and deletes that found no row. */
  long missed() {
    return queue.missed();
  }
}

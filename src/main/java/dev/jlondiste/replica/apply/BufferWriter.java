package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.SqlFaults;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a buffer: its net effect in bulk; change by change if it is small, if a trigger would fire
 * differently, or if the server refuses it in bulk. Belongs to one transaction.
 */
final class BufferWriter {
  private static final Logger log = LoggerFactory.getLogger(BufferWriter.class);

  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final ApplyLimits limits;
  private final BulkWriter bulk;
  private final SingleWriter single;

  BufferWriter(
      Connection local,
      TargetTables tables,
      StatementQueue queue,
      ApplyLimits limits,
      BulkWriter bulk,
      SingleWriter single) {
    this.local = local;
    this.tables = tables;
    this.queue = queue;
    this.limits = limits;
    this.bulk = bulk;
    this.single = single;
  }

  void write(ChangeBuffer buffer) throws SQLException {
    if (limits.isSmall(buffer)
        || !isUpToDate(buffer)
        || tables.haveFiringTriggers(buffer.tableNames(), local)) {
      single.write(buffer);
    } else {
      writeInBulk(buffer);
    }
  }

  /** False if a table has changed since the first of its changes was buffered. */
  private boolean isUpToDate(ChangeBuffer buffer) throws SQLException {
    for (TargetTable table : buffer.tables()) {
      if (!tables.table(table.name(), local).equals(table)) {
        return false;
      }
    }
    return true;
  }

  private void writeInBulk(ChangeBuffer buffer) throws SQLException {
    queue.flush();
    long missedBefore = queue.missed();
    Savepoint before = local.setSavepoint();
    try {
      single.writeUnfolded(buffer);
      bulk.write(buffer.netEffects());
      local.releaseSavepoint(before);
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e) || !Conversation.isIntact(e)) {
        throw e;
      }
      // Not a warning: rows that exchange unique values can cause it in every batch.
      log.debug(
          "{} changes cannot be written in bulk, writing them one by one: {}",
          buffer.size(),
          e.getMessage());
      undo(before, e);
      queue.forget(missedBefore);
      bulk.forget();
      tables.forget(); // they may have changed
      single.write(buffer);
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
}

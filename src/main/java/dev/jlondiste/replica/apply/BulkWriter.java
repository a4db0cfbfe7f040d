package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes net effects in bulk. Rows are deleted first, from referencing tables before the tables
 * that they refer to; then, in the opposite order of tables, rows are updated and inserted. Belongs
 * to one transaction; after a failure the caller rolls back to where it began.
 */
final class BulkWriter {
  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final int minRows;
  private final Set<TableName> analyzed = ConcurrentHashMap.newKeySet();
  private @Nullable StagingTables staging;
  private @Nullable Boolean mayStage;

  BulkWriter(Connection local, TargetTables tables, StatementQueue queue, ApplyLimits limits) {
    this.local = local;
    this.tables = tables;
    this.queue = queue;
    this.minRows = limits.minRows();
  }

  /** May be called by another thread. */
  void analyzeStages(TableName table) {
    analyzed.add(table);
  }

  void write(List<NetEffect> effects) throws SQLException {
    List<NetEffect> parentsFirst = ForeignKeyOrder.parentsFirst(effects, NetEffect::table);
    List<NetEffect> referencingFirst = new ArrayList<>(parentsFirst);
    Collections.reverse(referencingFirst);
    for (NetEffect effect : referencingFirst) {
      delete(effect, effect.deletes(), true);
      delete(effect, effect.replacements(), false);
    }
    for (NetEffect effect : parentsFirst) {
      update(effect);
      insert(effect);
    }
    queue.flush();
  }

  private void delete(NetEffect effect, StoredRows rows, boolean mustExist) throws SQLException {
    if (isBulk(rows) && mayStage()) {
      queue.flush();
      long found = staging().delete(effect.table(), effect.shape(), rows);
      queue.addMissed(mustExist ? rows.size() - found : 0);
    } else {
      for (RowChange change : rows.changes()) {
        queue.add(statements(effect).delete(change), mustExist);
      }
    }
  }

  private void update(NetEffect effect) throws SQLException {
    StoredRows rows = effect.updates();
    if (isBulk(rows) && mayStage()) {
      queue.flush();
      queue.addMissed(rows.size() - staging().update(effect.table(), effect.shape(), rows));
    } else {
      for (RowChange change : rows.changes()) {
        queue.add(statements(effect).of(change), true);
      }
    }
  }

  private void insert(NetEffect effect) throws SQLException {
    StoredRows rows = effect.inserts();
    if (isBulk(rows) && (effect.table().computed().isEmpty() || mayStage())) {
      queue.flush();
      staging().insert(effect.table(), effect.shape(), rows);
    } else {
      for (String sql : statements(effect).inserts(rows.changes(), ApplyLimits.MIN_COPY_BYTES)) {
        queue.add(sql, false);
      }
    }
  }

  private RowStatement statements(NetEffect effect) throws SQLException {
    return tables.statements(effect.table().name(), local);
  }

  private boolean isBulk(StoredRows rows) {
    return rows.size() >= minRows || rows.bytes() >= ApplyLimits.MIN_COPY_BYTES;
  }

  /** A single row that is too large for a statement; false if only a statement can write it. */
  boolean writeLarge(RowChange change, TargetTable table) throws SQLException {
    boolean insert = change.operation() == RowChange.Operation.INSERT;
    if (!table.plain()
        || change.operation() == RowChange.Operation.DELETE
        || !((insert && table.computed().isEmpty())
            || (mayStage() && (insert || hasWholeKey(change))))) {
      return false;
    }
    queue.flush();
    if (insert) {
      staging().insert(table, change.shape(), Rows.of(change));
    } else {
      queue.addMissed(1 - staging().update(table, change.shape(), Rows.of(change)));
    }
    return true;
  }

  private static boolean hasWholeKey(RowChange change) {
    int[] key = change.shape().keyPositions();
    return key.length > 0 && Arrays.stream(key).allMatch(i -> i >= 0 && change.value(i) != null);
  }

  private boolean mayStage() throws SQLException {
    Boolean may = mayStage;
    if (may == null) {
      may = TargetTables.mayCreateTempTables(local);
      mayStage = may;
    }
    return may;
  }

  private StagingTables staging() {
    StagingTables known = staging;
    if (known == null) {
      known = new StagingTables(local, analyzed);
      staging = known;
    }
    return known;
  }

  /** After a roll-back. */
  void forget() {
    if (staging != null) {
      staging.forget();
    }
  }
}

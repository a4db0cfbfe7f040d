package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a segment comes to. Rows that go make way first, from referencing tables before those
 * they refer to; then, the other way round, rows change and new ones come. Belongs to one
 * transaction; a failure leaves it to the caller to roll back to where it began.
 */
final class BulkWriter {
  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final int rows;
  private @Nullable StagingTable staged;
  private @Nullable Boolean mayStage;

  /** From {@code rows} rows of a table on, they are written as a set. */
  BulkWriter(Connection local, TargetTables tables, StatementQueue queue, int rows) {
    this.rows = rows;
    this.local = local;
    this.tables = tables;
    this.queue = queue;
  }

  void write(ChangeBuffer segment) throws SQLException {
    Map<TableName, NetChanges> net = segment.net();
    if (net.size() < segment.tables().size()) {
      segment.forEach(net.keySet(), (table, change) -> single(table, change, false));
    }
    List<TargetTable> order = parentsFirst(net.keySet());
    List<TargetTable> reverse = new ArrayList<>(order);
    Collections.reverse(reverse);
    for (TargetTable table : reverse) {
      delete(table, changes(net, table));
    }
    for (TargetTable table : order) {
      update(table, changes(net, table));
      insert(table, changes(net, table));
    }
    queue.flush();
  }

  /** A single row that is too large for a statement; false when only a statement can do it. */
  boolean writeLarge(RowChange change, TargetTable table) throws SQLException {
    boolean insert = change.operation() == RowChange.Operation.INSERT;
    if (!table.plain()
        || change.operation() == RowChange.Operation.DELETE
        || !(insert || (mayStage() && hasWholeKey(change)))) {
      return false;
    }
    queue.flush();
    if (insert) {
      staged().insert(table, change.shape(), Rows.of(change));
    } else {
      queue.addMissed(1 - staged().update(table, change.shape(), Rows.of(change)));
    }
    return true;
  }

  private static boolean hasWholeKey(RowChange change) {
    int[] key = change.shape().keyPositions();
    return key.length > 0 && Arrays.stream(key).allMatch(i -> i >= 0 && change.value(i) != null);
  }

  private static NetChanges changes(Map<TableName, NetChanges> net, TargetTable table) {
    NetChanges changes = net.get(table.name());
    if (changes == null) {
      throw new IllegalStateException("no changes of " + table.name());
    }
    return changes;
  }

  private void delete(TargetTable table, NetChanges net) throws SQLException {
    int[] gone = net.deletes();
    if (isWorthwhile(net, gone) && mayStage()) {
      queue.flush();
      Rows set = new StoredRows(net.rows(), gone);
      queue.addMissed(gone.length - staged().delete(table, net.shape(), set));
    } else {
      for (int number : gone) {
        single(table.name(), net.rows().change(number), true);
      }
    }
  }

  private void update(TargetTable table, NetChanges net) throws SQLException {
    int[] changed = net.updates();
    if (isWorthwhile(net, changed) && mayStage()) {
      queue.flush();
      Rows set = new StoredRows(net.rows(), changed);
      queue.addMissed(changed.length - staged().update(table, net.shape(), set));
    } else {
      for (int number : changed) {
        single(table.name(), net.rows().change(number), false);
      }
    }
  }

  private void insert(TargetTable table, NetChanges net) throws SQLException {
    int[] added = net.inserts();
    if (isWorthwhile(net, added)) {
      queue.flush();
      staged().insert(table, net.shape(), new StoredRows(net.rows(), added));
    } else {
      List<RowChange> changes = Arrays.stream(added).mapToObj(net.rows()::change).toList();
      RowStatement statements = tables.statements(table.name(), local);
      for (String sql : statements.inserts(changes, ApplyLimits.MUCH_BYTES)) {
        queue.add(sql, false);
      }
    }
  }

  private void single(TableName table, RowChange change, boolean delete) throws SQLException {
    RowStatement statements = tables.statements(table, local);
    queue.add(
        delete ? statements.delete(change) : statements.of(change),
        delete || change.operation() != RowChange.Operation.INSERT);
  }

  private boolean isWorthwhile(NetChanges net, int[] changes) {
    return changes.length >= rows
        || changes.length * (net.rows().bytes() / net.rows().size()) >= ApplyLimits.MUCH_BYTES;
  }

  private boolean mayStage() throws SQLException {
    Boolean may = mayStage;
    if (may == null) {
      may = TargetTables.mayStage(local);
      mayStage = may;
    }
    return may;
  }

  private StagingTable staged() {
    StagingTable known = staged;
    if (known == null) {
      known = new StagingTable(local);
      staged = known;
    }
    return known;
  }

  /** After a roll-back. */
  void forget() {
    if (staged != null) {
      staged.forget();
    }
  }

  /** Where tables refer to each other in a circle, any order is as good. */
  private List<TargetTable> parentsFirst(Set<TableName> names) throws SQLException {
    Map<TableName, TargetTable> wanted = new HashMap<>();
    for (TableName name : names) {
      wanted.put(name, tables.table(name, local));
    }
    Set<TargetTable> order = new LinkedHashSet<>();
    for (TableName name : names) {
      place(name, wanted, order);
    }
    return List.copyOf(order);
  }

  private static void place(
      TableName name, Map<TableName, TargetTable> left, Set<TargetTable> order) {
    TargetTable table = left.remove(name);
    if (table != null) {
      table.parents().forEach(parent -> place(parent, left, order));
      order.add(table);
    }
  }
}

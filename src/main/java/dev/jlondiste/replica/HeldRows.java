package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows that have dead letters. Later events of such a row must wait behind them: applied first,
 * they would be undone when the letters are applied. Used by one thread.
 */
final class HeldRows {
  private static final int PAGE = 1000;

  private final Map<TableName, Set<RowKeys.RowKey>> rows = new HashMap<>();

  /** Reads the letters of the queue. */
  static HeldRows read(Connection local, String queue) throws SQLException {
    HeldRows held = new HeldRows();
    long last = 0;
    List<DeadLetter> page;
    do {
      page = DeadLetters.list(local, queue, DeadLetters.Choice.ALL, last, PAGE);
      for (DeadLetter letter : page) {
        held.add(letter.table(), letter.event());
        last = letter.id();
      }
    } while (page.size() == PAGE);
    return held;
  }

  void add(TableName table, Event event) {
    Set<RowKeys.RowKey> keys = rows.computeIfAbsent(table, name -> new HashSet<>());
    RowKeys.of(event).filter(RowKeys.RowKey::identifiesRow).ifPresent(keys::add);
  }

  void remove(TableName table) {
    rows.remove(table);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** True if the table has letters. */
  boolean has(TableName table) {
    return rows.containsKey(table);
  }

  boolean has(TableName table, RowKeys.RowKey key) {
    Set<RowKeys.RowKey> keys = rows.get(table);
    return keys != null && keys.contains(key);
  }
}

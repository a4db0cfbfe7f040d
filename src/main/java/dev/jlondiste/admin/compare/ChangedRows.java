package dev.jlondiste.admin.compare;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.EventStream;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.structure.TableStructure.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a table that have events between some snapshots, each with its last event. */
final class ChangedRows {
  private final ComparedTable table;
  private final List<String> keyColumns;
  private final Map<List<String>, Change> last = new HashMap<>();
  private boolean isComplete = true;

  ChangedRows(ComparedTable table) {
    this.table = table;
    this.keyColumns = table.keyColumns();
  }

  private record Change(long event, RowChange row) {
    Change latest(Change other) {
      return event > other.event() ? this : other;
    }
  }

  /** Adds the events of transactions that {@code to} sees and {@code from} does not see. */
  void read(Connection db, String queue, TxidSnapshot from, TxidSnapshot to) throws SQLException {
    String filter =
        "ev_extra1 = " + Quoting.literal(table.name().full()) + " or ev_type = 'EXECUTE'";
    try (EventStream events = EventStream.between(db, queue, from, to, filter)) {
      for (Optional<DecodedEvent> event = events.next(); event.isPresent(); event = events.next()) {
        add(event.get());
      }
    }
  }

  /** Other events than changes of one row may concern any row. */
  private void add(DecodedEvent event) {
    RowChange change = event.row();
    List<String> key = change == null ? null : texts(change, keyColumns);
    if (change == null || key == null || key.contains(null) || mayHaveMoved(change)) {
      isComplete = false;
    } else {
      last.merge(key, new Change(event.event().id(), change), Change::latest);
    }
  }

  /**
   * True if the key of the local row before the change is not known: the event of an update has the
   * new row, and only the key of the source is known to be unchanged.
   */
  private boolean mayHaveMoved(RowChange change) {
    return change.operation() == RowChange.Operation.UPDATE
        && !change.keys().containsAll(keyColumns);
  }

  /** The texts of columns; null if the event does not have all of them. */
  private static @Nullable List<String> texts(RowChange change, List<String> columns) {
    List<String> names = change.shape().columns();
    List<String> texts = new ArrayList<>();
    for (String column : columns) {
      int position = names.indexOf(column);
      if (position < 0) {
        return null;
      }
      texts.add(change.value(position));
    }
    return texts;
  }

  /** False if there were events that may concern any row. */
  boolean isComplete() {
    return isComplete;
  }

  /** The last change of each row, by the hash of its key. */
  Map<String, RowChange> byHash(Connection db) throws SQLException {
    List<List<String>> keys = List.copyOf(last.keySet());
    // The database computes the hashes, from values in any of the formats of events.
    Map<String, Change> changes = new HashMap<>();
    Sql.plain(
        db,
        table.hashesOfKeys(keys),
        row ->
            changes.merge(row.getString(1), last.get(keys.get(row.getInt(2) - 1)), Change::latest));
    Map<String, RowChange> rows = new HashMap<>();
    changes.forEach((hash, change) -> rows.put(hash, change.row()));
    return rows;
  }

  /**
   * What the rows with these hashes are after their last changes, as the source has them: empty for
   * a deleted row or one that is not compared. A row whose last event does not have all columns, or
   * that has no event, is left out.
   */
  Map<String, Optional<RowTexts>> rows(Connection db, Set<String> hashes) throws SQLException {
    List<Column> given =
        table.source().columns().stream().filter(column -> !column.isGenerated()).toList();
    if (!isComplete || table.needsGenerated()) {
      return Map.of();
    }
    Map<String, Optional<RowTexts>> rows = new HashMap<>();
    List<List<String>> values = new ArrayList<>();
    for (Map.Entry<String, RowChange> change : byHash(db).entrySet()) {
      RowChange row = change.getValue();
      if (!hashes.contains(change.getKey())) {
        continue;
      }
      if (row.operation() == RowChange.Operation.DELETE) {
        rows.put(change.getKey(), Optional.empty());
        continue;
      }
      List<String> texts =
          row.isRaw() ? null : texts(row, given.stream().map(Column::name).toList());
      if (texts != null) {
        rows.put(change.getKey(), Optional.empty());
        values.add(texts);
      }
    }
    Sql.plain(
        db,
        table.rowsWithValues(given, values),
        row -> rows.put(row.getString(1), Optional.of(table.texts(row))));
    return rows;
  }
}

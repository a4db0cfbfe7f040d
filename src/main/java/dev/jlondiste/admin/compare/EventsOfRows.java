package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides about rows that change between both snapshots whenever they are read, by their events:
 * the local row must be what the last event before its tick says, and the row of the source what
 * the last event before its snapshot says.
 */
final class EventsOfRows {
  private final Map<String, Optional<RowTexts>> atTick;
  private final Map<String, Optional<RowTexts>> atSnapshot;

  private EventsOfRows(
      Map<String, Optional<RowTexts>> atTick, Map<String, Optional<RowTexts>> atSnapshot) {
    this.atTick = atTick;
    this.atSnapshot = atSnapshot;
  }

  /**
   * Reads the events since an earlier tick.
   *
   * @param rows differences between the snapshots of the pair
   */
  static EventsOfRows since(
      long earlier,
      SnapshotPair pair,
      TableSource source,
      String queue,
      ComparedTable table,
      List<Difference> rows)
      throws SQLException {
    Set<String> hashes =
        rows.stream().map(difference -> difference.key().hash()).collect(Collectors.toSet());
    try (Connection db = source.database().open()) {
      QualifiedNames.begin(db);
      Optional<TxidSnapshot> start = PgqFunctions.tickSnapshot(db, queue, earlier);
      Optional<TxidSnapshot> tick = PgqFunctions.tickSnapshot(db, queue, pair.tick());
      if (start.isEmpty() || tick.isEmpty() || pair.part().isPresent()) {
        return new EventsOfRows(Map.of(), Map.of());
      }
      Map<String, Optional<RowTexts>> atTick =
          rows(db, queue, start.get(), tick.get(), table, hashes);
      Map<String, Optional<RowTexts>> atSnapshot = new HashMap<>(atTick);
      atSnapshot.putAll(rows(db, queue, tick.get(), pair.sourceSnapshot(), table, hashes));
      return new EventsOfRows(atTick, atSnapshot);
    }
  }

  private static Map<String, Optional<RowTexts>> rows(
      Connection db,
      String queue,
      TxidSnapshot from,
      TxidSnapshot to,
      ComparedTable table,
      Set<String> hashes)
      throws SQLException {
    ChangedRows changed = new ChangedRows(table);
    changed.read(db, queue, from, to);
    return changed.rows(db, hashes);
  }

  /**
   * Returns how the local row differs from what it should be at its tick, which may be {@linkplain
   * Difference#isNone not at all}; empty if events do not tell.
   */
  Optional<Difference> decide(Difference row) {
    String hash = row.key().hash();
    Optional<RowTexts> expected = atTick.get(hash);
    if (expected == null) {
      return Optional.empty();
    }
    Difference here = new Difference(row.key(), expected, row.local());
    Difference there =
        new Difference(row.key(), atSnapshot.getOrDefault(hash, expected), row.source());
    return here.isNone() && !there.isNone() ? Optional.empty() : Optional.of(here);
  }
}

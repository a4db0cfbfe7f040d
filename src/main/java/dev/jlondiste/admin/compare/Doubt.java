package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a table that may differ because only one of two snapshots has their latest changes:
 * those with an event of a transaction that only one of both sees. Every other row that differs is
 * a difference.
 */
final class Doubt {
  private static final Doubt OF_ALL = new Doubt(Set.of(), false);

  private final Set<String> hashes;
  private final boolean isComplete;

  private Doubt(Set<String> hashes, boolean isComplete) {
    this.hashes = hashes;
    this.isComplete = isComplete;
  }

  private static Doubt of(ChangedRows rows, Connection db) throws SQLException {
    return rows.isComplete() ? new Doubt(rows.byHash(db).keySet(), true) : OF_ALL;
  }

  /** The rows that changed between the snapshots of a pair. */
  static Doubt between(SnapshotPair pair, TableSource source, String queue, ComparedTable table)
      throws SQLException {
    List<Long> ticks = new ArrayList<>(List.of(pair.tick()));
    pair.part().map(TickPart::tick).ifPresent(ticks::add);
    ChangedRows rows = new ChangedRows(table);
    // Not in the snapshot: the local side may be ahead of it.
    try (Connection db = source.database().open()) {
      QualifiedNames.begin(db);
      for (long tick : ticks) {
        Optional<TxidSnapshot> snapshot = PgqFunctions.tickSnapshot(db, queue, tick);
        if (snapshot.isEmpty()) {
          return OF_ALL; // its events are gone as well
        }
        rows.read(db, queue, snapshot.get(), pair.sourceSnapshot());
        rows.read(db, queue, pair.sourceSnapshot(), snapshot.get());
      }
      return of(rows, db);
    }
  }

  /** The rows that have events of the transactions that one of two ticks has. */
  static Doubt between(long tick, long other, Connection db, String queue, ComparedTable table)
      throws SQLException {
    if (tick == other) {
      return new Doubt(Set.of(), true);
    }
    Optional<TxidSnapshot> one = PgqFunctions.tickSnapshot(db, queue, tick);
    Optional<TxidSnapshot> two = PgqFunctions.tickSnapshot(db, queue, other);
    if (one.isEmpty() || two.isEmpty()) {
      return OF_ALL;
    }
    ChangedRows rows = new ChangedRows(table);
    rows.read(db, queue, one.get(), two.get());
    rows.read(db, queue, two.get(), one.get());
    return of(rows, db);
  }

  /** True if it is not known whether a difference of this row is one. */
  boolean concerns(RowKey key) {
    return !isComplete || hashes.contains(key.hash());
  }
}

package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.EventStream;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that may differ because only one of two snapshots has their latest changes:
 * those with an event of a transaction that only one of both sees. Every other row that differs is
 * a difference.
 */
final class Doubt {
  private final Set<String> hashes;
  private final boolean isComplete;

  private Doubt(Set<String> hashes, boolean isComplete) {
    this.hashes = hashes;
    this.isComplete = isComplete;
  }

  /** The rows that changed between the snapshots of a pair. */
  static Doubt between(SnapshotPair pair, TableSource source, String queue, ComparedTable table)
      throws SQLException {
    List<Long> ticks = new ArrayList<>(List.of(pair.tick()));
    pair.part().map(TickPart::tick).ifPresent(ticks::add);
    Collector events = new Collector(table);
    // Not in the snapshot: the local side may be ahead of it.
    try (Connection db = source.database().open()) {
      QualifiedNames.begin(db);
      for (long tick : ticks) {
        Optional<TxidSnapshot> snapshot = PgqFunctions.tickSnapshot(db, queue, tick);
        if (snapshot.isEmpty()) {
          return new Doubt(Set.of(), false); // its events are gone as well
        }
        events.read(db, queue, snapshot.get(), pair.sourceSnapshot());
        events.read(db, queue, pair.sourceSnapshot(), snapshot.get());
      }
      return events.doubt(db);
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
      return new Doubt(Set.of(), false);
    }
    Collector events = new Collector(table);
    events.read(db, queue, one.get(), two.get());
    events.read(db, queue, two.get(), one.get());
    return events.doubt(db);
  }

  /** True if it is not known whether a difference of this row is one. */
  boolean concerns(RowKey key) {
    return !isComplete || hashes.contains(key.hash());
  }

  /** Reads the keys of events. */
  private static final class Collector {
    private final ComparedTable table;
    private final List<List<String>> keys = new ArrayList<>();
    private boolean isComplete = true;

    Collector(ComparedTable table) {
      this.table = table;
      table.keyColumns().forEach(column -> keys.add(new ArrayList<>()));
    }

    void read(Connection db, String queue, TxidSnapshot from, TxidSnapshot to) throws SQLException {
      String filter =
          "ev_extra1 = " + Quoting.literal(table.name().full()) + " or ev_type = 'EXECUTE'";
      try (EventStream events = EventStream.between(db, queue, from, to, filter)) {
        for (Optional<DecodedEvent> event = events.next();
            event.isPresent();
            event = events.next()) {
          add(event.get().row());
        }
      }
    }

    /** Other events than changes of one row may concern any row. */
    private void add(@Nullable RowChange change) {
      if (change == null) {
        isComplete = false;
        return;
      }
      List<String> names = change.shape().columns();
      List<String> texts = new ArrayList<>();
      for (String column : table.keyColumns()) {
        int position = names.indexOf(column);
        String text = position < 0 ? null : change.value(position);
        if (text == null) {
          isComplete = false;
          return;
        }
        texts.add(text);
      }
      for (int i = 0; i < texts.size(); i++) {
        keys.get(i).add(texts.get(i));
      }
    }

    /** The database computes the hashes, from values in any of the formats of events. */
    Doubt doubt(Connection db) throws SQLException {
      if (!isComplete) {
        return new Doubt(Set.of(), false);
      }
      return new Doubt(
          new HashSet<>(
              Sql.list(
                  db, table.hashesOfKeys(), row -> row.getString(1), keys.toArray(Object[]::new))),
          true);
    }
  }
}

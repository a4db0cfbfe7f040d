package dev.jlondiste.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.Sql;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch read in parts has the same events as its ticks read one by one, with concurrent writers.
 */
class BatchPartsIT {
  private static final int STEPS = 600;
  private static final int SESSIONS = 6;

  /** A forced tick uses more than a thousand ids. */
  private static final int PART_EVENTS = 2_500;

  private final long seed = Long.getLong("jlondiste.seed", 1);
  private final Random random = new Random(seed);

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void parts_follow_the_ticks(String major) throws SQLException {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.load(Path.of("sql/pgq/install.sql"));
      database.execute("select pgq.create_queue('q')");
      for (String consumer : List.of("ticks", "parts", "small", "filtered")) {
        database.execute("select pgq.register_consumer('q', '" + consumer + "')");
      }
      write(database);
      try (Connection db = database.connect()) {
        db.setAutoCommit(false);
        Map<Entry, Integer> tickOf = tickByTick(db);
        assertThat(tickOf.size()).as("events, seed %d", seed).isGreaterThan(STEPS / 4);
        List<List<Entry>> parts = inParts(db, "parts", null, PART_EVENTS);
        expectOrder(parts, tickOf);
        assertThat(parts.size()).as("parts, seed %d", seed).isGreaterThan(5);
        assertThat(parts.stream().flatMap(List::stream))
            .as("seed %d", seed)
            .containsExactlyInAnyOrderElementsOf(tickOf.keySet());
        List<List<Entry>> small = inParts(db, "small", null, 50);
        expectOrder(small, tickOf);
        assertThat(small.size()).as("small parts, seed %d", seed).isGreaterThan(2 * parts.size());
        assertThat(small.stream().flatMap(List::stream))
            .as("seed %d", seed)
            .containsExactlyInAnyOrderElementsOf(tickOf.keySet());
        List<List<Entry>> filtered = inParts(db, "filtered", "ev_data = 'a' -- only", PART_EVENTS);
        expectOrder(filtered, tickOf);
        assertThat(filtered.stream().flatMap(List::stream))
            .as("seed %d", seed)
            .containsExactlyInAnyOrderElementsOf(
                tickOf.keySet().stream().filter(entry -> entry.data().equals("a")).toList());
      }
    }
  }

  private record Entry(long id, String data) {}

  /** The events of each tick as a separate batch. */
  private static Map<Entry, Integer> tickByTick(Connection db) throws SQLException {
    Map<Entry, Integer> tickOf = new HashMap<>();
    int tick = 0;
    Optional<Batch> next = PgqFunctions.nextBatch(db, "q", "ticks", BatchLimits.NEXT_TICK);
    while (next.isPresent()) {
      tick++;
      for (List<Entry> part : read(db, next.get(), null, Integer.MAX_VALUE)) {
        for (Entry entry : part) {
          assertThat(tickOf.put(entry, tick)).as("given before").isNull();
        }
      }
      PgqFunctions.finishBatch(db, next.get().id());
      next = PgqFunctions.nextBatch(db, "q", "ticks", BatchLimits.NEXT_TICK);
    }
    db.commit();
    return tickOf;
  }

  /** All ticks as one batch. */
  private static List<List<Entry>> inParts(
      Connection db, String consumer, @Nullable String filter, int partEvents) throws SQLException {
    int all =
        Sql.one(
            db,
            "select max(tick_event_seq) - min(tick_event_seq) from pgq.tick",
            row -> row.getInt(1));
    Batch batch =
        PgqFunctions.nextBatch(db, "q", consumer, BatchLimits.atLeast(all, null)).orElseThrow();
    List<List<Entry>> parts = read(db, batch, filter, partEvents);
    PgqFunctions.finishBatch(db, batch.id());
    assertThat(PgqFunctions.nextBatch(db, "q", consumer, BatchLimits.NEXT_TICK)).isEmpty();
    db.commit();
    return parts;
  }

  private static List<List<Entry>> read(
      Connection db, Batch batch, @Nullable String filter, int partEvents) throws SQLException {
    List<List<Entry>> parts = new ArrayList<>();
    Iterator<String> queries = BatchParts.of(db, batch, filter, partEvents);
    while (queries.hasNext()) {
      String sql = queries.next();
      parts.add(
          Sql.list(db, sql, row -> new Entry(row.getLong("ev_id"), row.getString("ev_data"))));
    }
    return parts;
  }

  /**
   * Events are ordered by id within a part, and an event follows one with a higher id only if that
   * one belongs to an earlier tick.
   */
  private static void expectOrder(List<List<Entry>> parts, Map<Entry, Integer> tickOf) {
    List<Entry> before = new ArrayList<>();
    for (List<Entry> part : parts) {
      assertThat(part).isSortedAccordingTo(Comparator.comparingLong(Entry::id));
      for (Entry entry : part) {
        int tick = tickOf.getOrDefault(entry, 0);
        assertThat(before)
            .as("before %s of tick %d", entry, tick)
            .allMatch(other -> other.id() < entry.id() || tickOf.getOrDefault(other, 0) < tick);
      }
      before.addAll(part);
    }
  }

  /** Transactions of all lengths, some rolled back, with ticks and a rotation in between. */
  private void write(TestDatabase database) throws SQLException {
    List<Connection> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < SESSIONS; i++) {
        sessions.add(database.connect());
        sessions.get(i).setAutoCommit(false);
      }
      for (int step = 0; step < STEPS; step++) {
        // The first session rarely ends its transactions.
        int who = random.nextInt(SESSIONS);
        Connection session = sessions.get(who);
        int what = random.nextInt(who == 0 ? 120 : 12);
        if (what == 0) {
          session.commit();
        } else if (what == 1) {
          session.rollback();
        } else if (what == 2 && who != 0) {
          database.execute("select pgq.force_tick('q')");
          database.execute("select pgq.ticker('q')");
        } else {
          PgqFunctions.insertEvent(session, "q", "t", random.nextBoolean() ? "a" : "b", null);
        }
        if (step == STEPS / 2) {
          sessions.get(0).commit();
          database.execute("select pgq.maint_rotate_tables_step1('q')");
          database.execute("select pgq.maint_rotate_tables_step2()");
        }
      }
      for (Connection session : sessions) {
        session.commit();
      }
      database.execute("select pgq.force_tick('q')");
      database.execute("select pgq.ticker('q')");
    } finally {
      for (Connection session : sessions) {
        session.close();
      }
    }
  }
}

package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Arrival;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchWish;
import dev.jlondiste.pgq.EventStream;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written in sets is what single events come to: random histories, captured by triggers,
 * applied both ways, with and without {@code session_replication_role}. More of them with {@code
 * -Djlondiste.histories=N}, others with {@code -Djlondiste.seed=S}.
 */
class SetsEqualSingleEventsIT {
  private static final Logger log = LoggerFactory.getLogger(SetsEqualSingleEventsIT.class);
  private static final int HISTORIES = Integer.getInteger("jlondiste.histories", 60);
  private static final long SEED = Long.getLong("jlondiste.seed", 1);
  private static final String QUEUE = "history";
  private static final String CONSUMER = "reader";

  private static final ApplyLimits SINGLE =
      new ApplyLimits(false, false, 0, 1, 200, Long.MAX_VALUE);

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void both_leave_what_the_source_has(String major) throws Exception {
    try (TestDatabase source = Servers.shared(major).createDatabase();
        TestDatabase sets = Servers.shared(major).createDatabase();
        TestDatabase single = Servers.shared(major).createDatabase();
        Database from = database(source);
        Database toSets = database(sets);
        Database toSingle = database(single)) {
      source.load(Path.of("sql/install.sql"));
      for (TestDatabase each : List.of(source, sets, single)) {
        each.execute(RandomHistory.SCHEMA);
      }
      capture(source);
      Tally tally = new Tally();
      for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
        one(seed, from, toSets, toSingle, tally);
        List<String> expected = content(source);
        assertThat(content(single)).as("one by one, seed %d", seed).isEqualTo(expected);
        assertThat(content(sets)).as("in sets, seed %d", seed).isEqualTo(expected);
      }
      log.info("{}: {} histories from seed {}: {}", major, HISTORIES, SEED, tally);
      assertThat(tally.events).isGreaterThan(10L * HISTORIES);
    }
  }

  private static final class Tally {
    private long events;
    private long rows;

    @Override
    public String toString() {
      return events + " events, " + rows + " rows at the end of the histories";
    }
  }

  private static Database database(TestDatabase database) {
    return Database.direct(ConnectionString.parse(database.connectString()), "history");
  }

  private static void capture(TestDatabase source) {
    source.value("select pgq.create_queue(?)", QUEUE);
    source.value("select pgq.register_consumer(?, ?)", QUEUE, CONSUMER);
    int n = 0;
    for (String table : RandomHistory.TABLES) {
      String function = n++ % 2 == 0 ? "pgq.jsontriga" : "pgq.logutriga";
      source.execute(
          "create trigger capture after insert or update or delete on %s".formatted(table)
              + " for each row execute procedure %s('%s')".formatted(function, QUEUE));
      source.execute(
          "create trigger capture_truncate after truncate on %s".formatted(table)
              + " for each statement execute procedure pgq.sqltriga('%s')".formatted(QUEUE));
    }
  }

  private static void one(long seed, Database from, Database toSets, Database toSingle, Tally tally)
      throws SQLException {
    Random random = new Random(seed);
    try (Connection source = from.open();
        Connection sets = toSets.open();
        Connection single = toSingle.open()) {
      new RandomHistory(seed).play(source);
      Sql.run(source, "select pgq.force_tick(?)", QUEUE);
      Sql.run(source, "select pgq.ticker(?)", QUEUE);
      source.commit();
      boolean replica = random.nextBoolean();
      long bytes = random.nextBoolean() ? Long.MAX_VALUE : 3000;
      ApplyLimits limits = new ApplyLimits(false, true, 0, 1 + random.nextInt(5), 200, bytes);
      for (Optional<Batch> next = next(source); next.isPresent(); next = next(source)) {
        List<Arrival> events = events(source, next.get());
        tally.events += events.size();
        apply(events, sets, limits, replica);
        apply(events, single, SINGLE, replica);
        PgqFunctions.finishBatch(source, next.get().id());
        source.commit();
      }
      tally.rows += Sql.one(single, "select count(*) from person", row -> row.getLong(1));
      single.commit();
    }
  }

  private static Optional<Batch> next(Connection source) throws SQLException {
    return PgqFunctions.nextBatch(source, QUEUE, CONSUMER, BatchWish.NEXT_TICK);
  }

  private static List<Arrival> events(Connection source, Batch batch) throws SQLException {
    List<Arrival> all = new ArrayList<>();
    try (EventStream stream = EventStream.open(source, batch, null, false)) {
      for (Optional<Arrival> next = stream.next(); next.isPresent(); next = stream.next()) {
        all.add(next.get());
      }
    }
    return all;
  }

  private static void apply(
      List<Arrival> events, Connection target, ApplyLimits limits, boolean replica)
      throws SQLException {
    if (replica) {
      Sql.run(target, "set local session_replication_role = 'replica'");
    }
    RowApplier applier = new RowApplier(target, new TargetTables(), limits);
    for (Arrival arrival : events) {
      TableName table = TableName.parse(arrival.event().requiredExtra1());
      if (arrival.event().type().equals("R")) {
        applier.truncate(arrival.event(), table);
      } else {
        applier.apply(arrival, table);
      }
    }
    applier.flush();
    target.commit();
  }

  private static List<String> content(TestDatabase database) {
    return RandomHistory.TABLES.stream()
        .map(
            table ->
                table
                    + ": "
                    + database.column("select t::text from " + table + " t order by t::text"))
        .toList();
  }
}

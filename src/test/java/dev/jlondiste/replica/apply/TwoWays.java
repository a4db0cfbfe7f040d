package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.EventStream;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * A source and two targets: one is written in bulk, the other by single events. Sessions are
 * reused, as those of a worker are. The tables are emptied every {@link #BLOCK} seeds, so that a
 * history can be repeated from the first seed of its block.
 */
final class TwoWays implements AutoCloseable {
  private static final int BLOCK = 25;
  private static final String QUEUE = "history";
  private static final String CONSUMER = "reader";
  private static final ApplyLimits SINGLE =
      new ApplyLimits(false, false, 0, 1, 200, Long.MAX_VALUE);

  /**
   * Batches have many transactions: without replica role, a deferred foreign key that was checked
   * on the source before a truncate is not on the target.
   */
  private static final String PENDING = "55006";

  /** The triggers that fill the queue. */
  enum Capture {
    /** Several triggers of PgQ; they refuse changes of keys. */
    COMPATIBLE,
    STATEMENT,
    ROW;

    boolean needsTransitionTables() {
      return this == STATEMENT;
    }

    boolean tellsOfKeys() {
      return this != COMPATIBLE;
    }
  }

  /** The result of one way. */
  private record End(Optional<SQLException> failure, long missed, List<String> content) {
    String state() {
      return failure.map(SqlFaults::state).orElse("done");
    }
  }

  /** A target and the state that a worker caches for it. */
  private static final class Target implements AutoCloseable {
    final TestDatabase database;
    final Database opener;
    final Connection session;
    final TargetTables tables = new TargetTables();

    Target(TestServer server) throws SQLException {
      database = server.createDatabase();
      database.execute(RandomHistory.SCHEMA);
      opener = open(database);
      session = opener.open();
    }

    @Override
    public void close() throws SQLException {
      session.close();
      opener.close();
      database.close();
    }
  }

  private final Capture capture;
  private final TestDatabase source;
  private final Database sourceOpener;
  private final Connection provider;
  private final Target sets;
  private final Target single;
  private long events;
  private long damaged;
  private long failedAlike;
  private long passedOver;
  private long untruncated;

  TwoWays(TestServer server, Capture capture) throws SQLException {
    this.capture = capture;
    source = server.createDatabase();
    source.execute(RandomHistory.SCHEMA);
    source.load(Path.of("sql/install.sql"));
    capture();
    sourceOpener = open(source);
    provider = sourceOpener.open();
    sets = new Target(server);
    single = new Target(server);
  }

  private static Database open(TestDatabase database) {
    return Database.direct(ConnectionString.parse(database.connectString()), "history");
  }

  private void capture() {
    source.value("select pgq.create_queue(?)", QUEUE);
    source.value("select pgq.register_consumer(?, ?)", QUEUE, CONSUMER);
    source.rows("select pgq_node.register_location(?, 'n', 'x', false)", QUEUE);
    source.rows("select pgq_node.create_node(?, 'root', 'n', 'w', null, null, null)", QUEUE);
    int n = 0;
    for (String table : RandomHistory.TABLES) {
      String key = table.equals("loose") ? "pkey=" + RandomHistory.KEY_OF_LOOSE : "";
      if (capture == Capture.COMPATIBLE || !key.isEmpty()) {
        String function = List.of("json", "log", "log", "json", "json", "sql").get(n++ % 6);
        captureCompatibly(table, function.equals("log") ? "logu" : function, key);
      } else {
        String wish = capture == Capture.ROW ? "row" : "auto";
        assertThat(
                source.value(
                    "select ret_note from londiste.local_add_table(?, ?, ?::text[])",
                    QUEUE,
                    table,
                    "{capture=" + wish + "}"))
            .startsWith("Table added");
      }
    }
  }

  private void captureCompatibly(String table, String function, String key) {
    source.execute(
        "create trigger capture after insert or update or delete on %s for each row execute procedure pgq.%striga('%s'%s)"
            .formatted(table, function, QUEUE, key.isEmpty() ? "" : ",'" + key + "'"));
    source.execute(
        "create trigger capture_truncate after truncate on %s for each statement execute procedure pgq.sqltriga('%s')"
            .formatted(table, QUEUE));
  }

  /** Runs the history, applies it, and compares the results. */
  void compare(long seed) throws SQLException {
    Random random = new Random(seed);
    if (seed % BLOCK == 0) {
      empty();
    }
    RandomHistory history = new RandomHistory(seed, capture.tellsOfKeys());
    boolean damage = random.nextInt(3) == 0;
    Set<String> strays = damage ? damage(history) : Set.of();
    history.play(provider);
    Sql.run(provider, "select pgq.force_tick(?)", QUEUE);
    Sql.run(provider, "select pgq.ticker(?)", QUEUE);
    provider.commit();
    List<List<DecodedEvent>> batches = batches();
    boolean replica = random.nextBoolean();
    long bytes = random.nextBoolean() ? Long.MAX_VALUE : 3000;
    ApplyLimits limits = new ApplyLimits(false, true, 0, 1 + random.nextInt(5), 200, bytes);
    End one = apply(batches, single, SINGLE, replica);
    End other = apply(batches, sets, limits, replica);
    String where = capture + " on " + source + ", seed " + seed;
    if (one.state().equals(PENDING) && !replica) {
      untruncated++;
      assertThat(other.state()).as("in sets, %s", where).isIn(PENDING, "done");
      repair();
    } else if (damage) {
      damaged++;
      compare(one, other, strays, where);
      repair();
    } else {
      List<String> expected = content(provider);
      assertThat(one.failure()).as("one by one, %s", where).isEmpty();
      assertThat(differences(expected, one.content())).as("one by one, %s", where).isEmpty();
      assertThat(other.failure()).as("in sets, %s", where).isEmpty();
      assertThat(differences(expected, other.content())).as("in sets, %s", where).isEmpty();
    }
  }

  /**
   * A stray row can make single events fail and not bulk writes, if the source inserted and deleted
   * its row of that key within the batch. Then all other rows must equal those of the source.
   */
  private void compare(End one, End other, Set<String> strays, String where) throws SQLException {
    if (one.state().startsWith("23") && other.state().equals(PENDING)) {
      passedOver++; // and got to a truncate
      return;
    }
    if (one.state().startsWith("23") && other.failure().isEmpty()) {
      passedOver++;
      List<String> odd = new ArrayList<>(other.content());
      odd.removeAll(content(provider));
      odd.removeAll(strays);
      assertThat(odd).as("rows that are neither the source's nor stray, %s", where).isEmpty();
      return;
    }
    assertThat(other.state()).as("in sets %s, %s", other.failure(), where).isEqualTo(one.state());
    failedAlike += one.failure().isPresent() ? 1 : 0;
    if (one.failure().isEmpty()) {
      assertThat(differences(one.content(), other.content())).as("in sets, %s", where).isEmpty();
      assertThat(other.missed() > 0).as("missed rows, %s", where).isEqualTo(one.missed() > 0);
    }
  }

  private List<List<DecodedEvent>> batches() throws SQLException {
    List<List<DecodedEvent>> batches = new ArrayList<>();
    Optional<Batch> next = next();
    while (next.isPresent()) {
      List<DecodedEvent> all = new ArrayList<>();
      try (EventStream stream = EventStream.open(provider, next.get(), null, false)) {
        for (Optional<DecodedEvent> event = stream.next();
            event.isPresent();
            event = stream.next()) {
          if (!event.get().event().type().startsWith("londiste.")) {
            all.add(event.get());
          }
        }
      }
      events += all.size();
      batches.add(all);
      PgqFunctions.finishBatch(provider, next.get().id());
      provider.commit();
      next = next();
    }
    return batches;
  }

  private Optional<Batch> next() throws SQLException {
    return PgqFunctions.nextBatch(provider, QUEUE, CONSUMER, BatchLimits.NEXT_TICK);
  }

  private End apply(
      List<List<DecodedEvent>> batches, Target target, ApplyLimits limits, boolean replica)
      throws SQLException {
    long missed = 0;
    for (List<DecodedEvent> batch : batches) {
      try {
        missed += applyOne(batch, target, limits, replica);
      } catch (SQLException e) {
        target.session.rollback();
        target.tables.forget();
        return new End(Optional.of(e), missed, List.of());
      }
    }
    return new End(Optional.empty(), missed, content(target.session));
  }

  /** Returns the number of updates and deletes that found no row. */
  private static long applyOne(
      List<DecodedEvent> batch, Target target, ApplyLimits limits, boolean replica)
      throws SQLException {
    if (replica) {
      Sql.run(target.session, "set local session_replication_role = 'replica'");
    }
    RowApplier applier = new RowApplier(target.session, target.tables, limits);
    for (DecodedEvent arrival : batch) {
      TableName table = TableName.parse(arrival.event().requiredExtra1());
      if (arrival.event().type().equals("R")) {
        applier.truncate(arrival.event(), table);
      } else {
        applier.apply(arrival, table);
      }
    }
    applier.finish();
    target.session.commit();
    return applier.missed();
  }

  /** Returns the rows that one of the lists lacks. */
  private static List<String> differences(List<String> expected, List<String> actual) {
    List<String> missing = new ArrayList<>(expected);
    actual.forEach(missing::remove);
    List<String> differences = new ArrayList<>();
    missing.forEach(row -> differences.add("missing " + row));
    List<String> surplus = new ArrayList<>(actual);
    expected.forEach(surplus::remove);
    surplus.forEach(row -> differences.add("surplus " + row));
    return differences;
  }

  /** Returns all rows, each preceded by the name of its table. */
  private static List<String> content(Connection db) throws SQLException {
    String query =
        RandomHistory.TABLES.stream()
            .map(
                table ->
                    "select '%1$s' as name, case when length(t::text) < 500 then t::text else md5(t::text) end as content from %1$s t"
                        .formatted(table))
            .collect(Collectors.joining(" union all "));
    List<String> rows =
        Sql.list(
            db,
            "select name || content from (" + query + ") c order by name, content collate \"C\"",
            row -> row.getString(1));
    db.commit();
    return rows;
  }

  /** Returns the rows that only the targets have. */
  private Set<String> damage(RandomHistory history) throws SQLException {
    List<String> statements = history.damage();
    for (Target target : List.of(sets, single)) {
      for (String sql : statements) {
        try {
          Sql.run(target.session, "set local session_replication_role = 'replica'");
          Sql.run(target.session, sql);
          target.session.commit();
        } catch (SQLException e) {
          target.session.rollback(); // unique beside the key
        }
      }
    }
    Set<String> strays = new HashSet<>(content(sets.session));
    content(provider).forEach(strays::remove);
    return strays;
  }

  private void empty() throws SQLException {
    String truncate = "truncate " + String.join(", ", RandomHistory.TABLES);
    for (Connection db : List.of(provider, sets.session, single.session)) {
      Sql.run(db, "set local session_replication_role = 'replica'");
      Sql.run(db, truncate);
      db.commit();
    }
  }

  /** Makes both targets equal to the source. */
  private void repair() throws SQLException {
    for (Target target : List.of(sets, single)) {
      Sql.run(target.session, "set local session_replication_role = 'replica'");
      Sql.run(target.session, "truncate " + String.join(", ", RandomHistory.TABLES));
      for (String table : RandomHistory.TABLES) {
        copy(table, target.session);
      }
      target.session.commit();
    }
    provider.commit();
  }

  private void copy(String table, Connection target) throws SQLException {
    try {
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      provider
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("copy " + table + " to stdout", rows);
      target
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("copy " + table + " from stdin", new ByteArrayInputStream(rows.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long events() {
    return events;
  }

  @Override
  public String toString() {
    return "%d events; of %d damaged targets %d failed alike, %d passed over in sets; %d could not truncate"
        .formatted(events, damaged, failedAlike, passedOver, untruncated);
  }

  @Override
  public void close() throws SQLException {
    provider.close();
    sourceOpener.close();
    source.close();
    sets.close();
    single.close();
  }
}

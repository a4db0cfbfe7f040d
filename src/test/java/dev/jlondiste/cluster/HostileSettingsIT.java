package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.HostileSettings.Hostile;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.daemon.TickerDaemon;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes are created, tables copied, changed and compared while the role and the databases have
 * hostile settings: all of them at once; with {@code -Djlondiste.hostile=all} each value alone on
 * every major, with {@code -Djlondiste.hostile=N} N settings at a time.
 */
class HostileSettingsIT {
  private static final String ROLE = "beset";

  private static final String TABLES =
      """
      create type public.mood as enum ('sad', 'glad');
      create domain public.positive as int check (value > 0);
      create table public.types (
        id int primary key, b boolean, i8 int8, f4 float4, f8 float8, n numeric, f8a float8[],
        m money, c "char", t text, ba bytea, d date, ti time, tz timetz, ts timestamp,
        tt timestamptz, iv interval, u uuid, j json, jb jsonb, x xml, ip inet, bt bit(3), p point,
        tv tsvector, r4 int4range, rt tstzrange, lsn pg_lsn, rc regclass, ia int[], ta text[],
        tta timestamptz[], ma money[], md public.mood, ps public.positive);
      create table public.plain (id int primary key, t text, tt timestamptz, f8 float8, ba bytea);
      create index on public.plain (t);
      """;

  private static final String ROWS =
      """
      insert into public.types (id) values (1);
      insert into public.types values (
        2, true, 9223372036854775807, 0.1, 0.1, 'NaN', array[0.1, null], '12345.67', 'x',
        E'a"b\\\\c\\t', decode('00ff5c', 'hex'), '2026-02-01', '24:00:00', '23:59:59.999999+15:59',
        '2026-02-01 03:04:05.678901', '2026-02-01 03:04:05.678901+00', '1 year -2 mons 3 days 04:05',
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" : 1}', '{"a": 1e40}', '<a>&amp;</a>',
        '::1/64', '101', '(0.1,-0)', '''a'':1A b', '[1,5)', '[2026-02-01 00:00:00+00,infinity)',
        '1/FF', 'public.types', array[1, null], array[null, 'NULL', ''],
        array['2026-02-01 03:04:05+00'::timestamptz], array['1.50'::money], 'glad', 7);
      insert into public.plain select g, 'row ' || g, '2026-02-01 00:00:00+00'::timestamptz + g * interval '1 hour',
        g / 3.0, decode('5c', 'hex') from generate_series(1, 50) g;
      """;

  private static final String CHANGES =
      """
      update public.types set f8 = f8 / 3, m = m * 2, tt = tt + interval '1 day', iv = -iv, ba = decode('5c27', 'hex'),
        d = d + 11, ta = array['NULL', null], tta = tta || tta where id = 2;
      insert into public.types select 3, b, i8, f4, f8, n, f8a, m, c, t, ba, d, ti, tz, ts, tt, iv, u, j, jb, x, ip, bt, p,
        tv, r4, rt, lsn, rc, ia, ta, tta, ma, md, ps from public.types where id = 2;
      insert into public.plain select g, E'\\\\ ' || g, '2026-03-02 00:00:00+00', g / 7.0, null from generate_series(51, 90) g;
      delete from public.plain where id % 7 = 0;
      update public.plain set id = id + 1000 where id % 5 = 0;
      """;

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> everything_works_and_arrives_as_it_was() throws SQLException {
    String mode = System.getProperty("jlondiste.hostile", "");
    String majors =
        System.getProperty(
            "jlondiste.hostile.majors",
            mode.isEmpty() ? "9.6,13,18" : String.join(",", Servers.MAJORS));
    List<DynamicTest> tests = new ArrayList<>();
    for (String major : majors.split(",")) {
      TestServer server = Servers.shared(major);
      Map<String, List<Hostile>> known = HostileSettings.of(server);
      List<List<Hostile>> groups =
          mode.isEmpty() ? few(major, known) : all(mode.equals("all") ? "1" : mode, known);
      for (List<Hostile> group : groups) {
        String name =
            major + ": " + (group.size() > 20 ? group.size() + " settings" : group.toString());
        tests.add(DynamicTest.dynamicTest(name, () -> replicate(server, known, group)));
      }
    }
    return tests.stream();
  }

  /** All that do more than log: with their first value on the oldest, their last on others. */
  private static List<List<Hostile>> few(String major, Map<String, List<Hostile>> known) {
    List<List<Hostile>> settings =
        known.entrySet().stream()
            .filter(entry -> !HostileSettings.onlyLogs(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    List<Hostile> first = settings.stream().map(values -> values.get(0)).toList();
    List<Hostile> last = settings.stream().map(values -> values.get(values.size() - 1)).toList();
    return switch (major) {
      case Servers.OLDEST -> List.of(first);
      case Servers.NEWEST -> List.of(first, last);
      default -> List.of(last);
    };
  }

  /** Every value of every setting, some at a time, never two of one setting. */
  private static List<List<Hostile>> all(String groupSize, Map<String, List<Hostile>> known) {
    int size = Integer.parseInt(groupSize);
    List<List<Hostile>> groups = new ArrayList<>();
    for (List<Hostile> values : known.values()) {
      for (Hostile value : values) {
        groups.stream()
            .filter(group -> group.size() < size && group.stream().noneMatch(value::isRivalOf))
            .findFirst()
            .orElseGet(
                () -> {
                  groups.add(new ArrayList<>());
                  return groups.get(groups.size() - 1);
                })
            .add(value);
      }
    }
    return groups;
  }

  private void replicate(TestServer server, Map<String, List<Hostile>> known, List<Hostile> hostile)
      throws Exception {
    Path place = Files.createTempDirectory(directory, "nodes");
    try (TestNode root = new TestNode("root", server.createDatabaseOwnedBy(ROLE), place);
        TestNode leaf = new TestNode("leaf", server.createDatabaseOwnedBy(ROLE), place)) {
      Session atRoot = new Session(server, root.database(), known);
      Session atLeaf = new Session(server, leaf.database(), known);
      for (Session session : List.of(atRoot, atLeaf)) {
        session.run(EVIL + (atServer(server) >= 12 ? EVIL_TABLES : ""));
      }
      beset(server, List.of(root.database(), leaf.database()), hostile);
      for (Session session : List.of(atRoot, atLeaf)) {
        session.run("set role " + ROLE + ";" + TABLES);
      }
      atRoot.run(ROWS);
      root.command("create-root", "root", root.database().connectString());
      atRoot.run("select pgq.set_queue_config('testq', 'ticker_max_lag', '100 milliseconds')");
      root.command("add-table", "types", "plain");
      leaf.createBelow(NodeType.LEAF, root);
      leaf.command("add-table", "types", "plain");
      try (AutoCloseable ticker = ticker(root, place)) {
        leaf.start();
        await().atMost(PATIENCE).until(() -> atLeaf.number(IN_SYNC) == 2);
        atRoot.run(CHANGES);
        assertThat(leaf.command("compare").log())
            .contains("srcdb: 3 rows")
            .doesNotContain("not match");
        leaf.command("status");
        atLeaf.run(
            "set session_replication_role = replica; update public.types set t = 'z' where id = 3");
        assertThat(CommandLine.run(leaf, "compare", "types").code()).isEqualTo(3);
        atLeaf.run(
            "set session_replication_role = replica;"
                + " update public.types set t = (select t from public.types where id = 2) where id = 3");
      }
      leaf.stop();
      heal(server, List.of(root.database(), leaf.database()));
      for (String table : List.of("types", "plain")) {
        String rows = "select t::text from public." + table + " t order by id";
        assertThat(leaf.database().column(rows)).isEqualTo(root.database().column(rows));
      }
      assertThat(atLeaf.number(STRANGE)).isZero();
    } finally {
      heal(server, List.of());
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String IN_SYNC =
      "select count(*) from londiste.table_info where local and merge_state operator(pg_catalog.=) 'ok'";

  /** Objects that an unqualified call would find. */
  private static final String EVIL =
      """
      create schema evil;
      grant usage on schema evil to public;
      create function evil.md5(text) returns text language sql as 'select null::text';
      create function evil.now() returns timestamptz language sql as 'select null::timestamptz';
      create function evil.txid_current() returns int8 language sql as 'select 0::int8';
      create function evil.quote_ident(text) returns text language sql as 'select ''evil''::text';
      create function evil.current_setting(text) returns text language sql as 'select ''evil''::text';
      create function evil.same(text, text) returns boolean language sql as 'select false';
      create operator evil.= (leftarg = text, rightarg = text, procedure = evil.same);
      """;

  private static final String EVIL_TABLES =
      "create access method evil type table handler heap_tableam_handler;";

  /** Tables and indexes that a setting has put elsewhere. */
  private static final String STRANGE =
      """
      select count(*)
        from pg_class c
        left join pg_am a on a.oid = c.relam
       where c.relnamespace in ('public'::regnamespace, 'pgq'::regnamespace, 'londiste'::regnamespace)
         and (c.reltablespace <> 0 or a.amname = 'evil')
         and c.relname not in ('types', 'plain')
      """;

  private static int atServer(TestServer server) {
    return Integer.parseInt(server.major().replaceAll("[.].*", ""));
  }

  /** Opens a superuser's session for each call, for an application or for checks of the test. */
  private record Session(
      TestServer server, TestDatabase database, Map<String, List<Hostile>> known) {
    void run(String sql) throws SQLException {
      try (Connection db = connect();
          Statement statement = db.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(sql);
      }
    }

    long number(String sql) throws SQLException {
      try (Connection db = connect();
          Statement statement = db.createStatement();
          var row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }

    private Connection connect() throws SQLException {
      return DriverManager.getConnection(HostileSettings.workable(server, database.name(), known));
    }
  }

  private static void beset(TestServer server, List<TestDatabase> databases, List<Hostile> hostile)
      throws SQLException {
    try (Connection db = DriverManager.getConnection(server.jdbcUrl("postgres"));
        Statement statement = db.createStatement()) {
      for (Hostile setting : hostile) {
        // settings that this server rejects for a role or a database need no test
        if (!setting.isForOneSide()) {
          tried(statement, "alter role " + ROLE + " " + setting.set());
        }
        for (TestDatabase database : setting.isForOneSide() ? databases.subList(0, 1) : databases) {
          tried(statement, "alter database " + database.name() + " " + setting.set());
        }
      }
    }
  }

  private static void tried(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      if (!e.getSQLState().startsWith("22")
          && !e.getSQLState().equals("0A000")
          && !e.getSQLState().equals("42704")) {
        throw e;
      }
    }
  }

  private static void heal(TestServer server, List<TestDatabase> databases) throws SQLException {
    try (Connection db = DriverManager.getConnection(server.jdbcUrl("postgres"));
        Statement statement = db.createStatement()) {
      statement.execute("alter role " + ROLE + " reset all");
      for (TestDatabase database : databases) {
        statement.execute("alter database " + database.name() + " reset all");
      }
    }
  }

  private static AutoCloseable ticker(TestNode root, Path directory) throws Exception {
    Path ini =
        Files.writeString(
            directory.resolve("ticker.ini"),
            """
            [pgqd]
            base_connstr = host=127.0.0.1 port=%d user=%s
            initial_database = postgres
            database_list = %s
            logfile = %s
            ticker_period = 0.1
            """
                .formatted(
                    root.database().server().port(),
                    ROLE,
                    root.database().name(),
                    directory.resolve("ticker.log")));
    TickerSettings settings = TickerSettings.read(ini, Map.of()).settings();
    TickerDaemon daemon = new TickerDaemon(settings, () -> settings);
    Loops loops = new Loops(new StopSignal(), end -> {});
    daemon.start(loops);
    return () -> {
      loops.stopAll(Duration.ofSeconds(10), Duration.ofSeconds(1));
      daemon.close();
    };
  }
}

package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.admin.PreviousRelease;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers that earlier code generated capture every change while an upgrade replaces the code. */
class CaptureUpgradeIT {
  private static final String FUNCTIONS =
      """
      select p.oid::regprocedure || ' ' || md5(p.prosrc) || ' '
             || coalesce(array(select a::text from unnest(p.proacl) a order by 1)::text, '')
        from pg_proc p
       where p.pronamespace = 'londiste'::regnamespace and p.proname !~ '^_(native|current_table)_'
       order by 1
      """;
  private static final String TRIGGERS =
      "select oid::text from pg_trigger where not tgisinternal and tgname like '\\_londiste%' order by 1";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void nothing_is_lost_and_functions_become_current(String major) throws Exception {
    ExecutorService background = Executors.newSingleThreadExecutor();
    AtomicBoolean enough = new AtomicBoolean();
    TestDatabase preview = Servers.shared(major).createDatabase();
    PreviousRelease.installPreview(preview);
    try (CapturedDatabase db = new CapturedDatabase(preview);
        Connection writer = preview.connect();
        Connection applier = preview.connect()) {
      createTables(db);
      run(applier, "set pgq.session_replication_role = 'replica'");
      for (int i = 0; i < 7; i++) { // plans get general with the sixth
        change(writer, 10 * i);
      }
      run(writer, "begin", "insert into t values (-1, 'before')");
      List<@Nullable String> triggers = preview.column(TRIGGERS);
      CountDownLatch began = new CountDownLatch(1);
      Future<?> ending = background.submit(() -> write(preview, began, enough));
      assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();

      new TestNode("node", preview, directory).command("upgrade");

      change(writer, 100);
      run(writer, "insert into t values (-2, 'after')", "commit");
      change(writer, 200);
      change(applier, 300);
      enough.set(true);
      ending.get(20, TimeUnit.SECONDS);
      assertThat(db.events("t")).isNotEmpty().noneMatch(event -> event.contains("\"id\":30"));
      run(applier, "delete from t where id >= 300", "delete from u where id >= 300");

      db.assertEventsProduce("t");
      db.assertEventsProduce("u");
      db.assertEventsProduce("background");
      assertThat(preview.column(TRIGGERS)).isEqualTo(triggers);
      String statement =
          major.equals("9.6") ? "row (no transition tables before PostgreSQL 10)" : "statement";
      assertThat(db.capture("t")).isEqualTo(statement);
      assertThat(db.capture("u")).isEqualTo("row (as requested)");
      assertThat(db.capture("background")).isEqualTo(statement);
      assertThat(preview.column(FUNCTIONS)).isEqualTo(freshFunctions(major));
    } finally {
      enough.set(true);
      background.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void functions_of_a_changed_table_are_left_to_regenerate_triggers(String major)
      throws SQLException {
    TestDatabase preview = Servers.shared(major).createDatabase();
    PreviousRelease.installPreview(preview);
    try (CapturedDatabase db = new CapturedDatabase(preview);
        Connection writer = preview.connect()) {
      createTables(db);
      change(writer, 0);
      db.execute("alter table t rename id to k");
      new TestNode("node", preview, directory).command("upgrade");
      assertThat(db.capture("t")).contains(" stale");
      db.forgetEvents();
      run(
          writer,
          "insert into t values (50, 'a'), (51, 'b')",
          "update t set v = 'c' where k = 50",
          "update t set k = 52 where k = 51",
          "delete from t where k = 50");
      assertThat(db.events("t").stream().map(event -> event.substring(0, 1)))
          .containsExactly(major.equals("9.6") ? "IIUDID".split("") : "IIUDIUD".split(""));
      assertThat(
              preview.value("select ret_note from londiste._regenerate_triggers('q', 't', null)"))
          .isEqualTo("Triggers created: public.t");
      assertThat(db.capture("t")).doesNotContain("stale");
    }
  }

  /** The function of u checks its key on every update: a BEFORE trigger may change it. */
  private static void createTables(CapturedDatabase db) {
    db.execute("create table t (id int primary key, v text)");
    db.execute("create table u (id int primary key, v text)");
    db.execute(
        "create function same() returns trigger language plpgsql as 'begin return new; end';"
            + " create trigger same before update on u for each row execute procedure same()");
    db.execute("create table background (id int primary key, v text)");
    assertThat(db.add("t", "capture=auto")).startsWith("200 ");
    assertThat(db.add("u", "capture=row")).startsWith("200 ");
    assertThat(db.add("background", "capture=auto")).startsWith("200 ");
  }

  private static void change(Connection session, int first) throws SQLException {
    for (String table : List.of("t", "u")) {
      run(
          session,
          "insert into " + table + " select " + first + " + g, 'a' from generate_series(1, 5) g",
          "update " + table + " set v = 'b' where id = " + (first + 2),
          "update " + table + " set id = " + (first + 7) + " where id = " + (first + 3),
          "delete from " + table + " where id = " + (first + 4));
    }
  }

  private static @Nullable Void write(
      TestDatabase database, CountDownLatch began, AtomicBoolean enough) throws SQLException {
    try (Connection session = database.connect()) {
      for (int id = 1; !enough.get(); id++) {
        run(session, "insert into background values (" + id + ")");
        began.countDown();
      }
    }
    return null;
  }

  private static List<@Nullable String> freshFunctions(String major) {
    try (TestDatabase fresh = Servers.shared(major).createDatabase()) {
      fresh.load(Path.of("sql/install.sql"));
      return fresh.column(FUNCTIONS);
    }
  }

  private static void run(Connection session, String... statements) throws SQLException {
    try (Statement statement = session.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}

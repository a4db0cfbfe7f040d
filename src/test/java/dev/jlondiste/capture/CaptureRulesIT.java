package dev.jlondiste.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Installation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules for writers that are independent of the kind of capture: two tables, one captured natively,
 * the other by {@code pgq.jsontriga}, accept the same statements with the same results.
 */
class CaptureRulesIT {
  /** Combinations of installation and level. */
  static Stream<Arguments> everywhere() {
    return Arrays.stream(Installation.values())
        .filter(Installation::isOurs)
        .flatMap(
            installation ->
                Stream.of("statement", "row")
                    .filter(
                        level -> level.equals("row") || !installation.equals(Installation.OLDEST))
                    .map(level -> Arguments.of(installation, level)));
  }

  /** Tables t, captured natively, and c; in statements, both are TAB. */
  private static final class Pair implements AutoCloseable {
    private final CapturedDatabase db;

    /**
     * Holds a snapshot, so that dead rows are not pruned. Otherwise rows could be stored in a
     * different order in both tables, and an UPDATE of many rows would process them in that order.
     */
    private final Connection snapshot;

    Pair(Installation installation, String level) throws SQLException {
      db = new CapturedDatabase(installation);
      snapshot = db.database().connect();
      snapshot.setAutoCommit(false);
      snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (Statement statement = snapshot.createStatement()) {
        statement.execute("select 1");
      }
      execute("create table TAB (id int primary key, v text)");
      assertThat(db.add("t", "capture=" + level)).startsWith("200 ");
      assertThat(db.add("c", "tgflags=J")).startsWith("200 ");
      assertThat(db.capture("t")).startsWith(level);
    }

    void execute(String sql) {
      db.execute(sql.replace("TAB", "t"));
      db.execute(sql.replace("TAB", "c"));
    }

    /**
     * Runs statements on both tables, each time in one session, in autocommit mode unless they
     * begin a transaction; expects the same outcomes and events.
     *
     * @return outcomes: nothing, or the error
     */
    List<String> play(String... statements) throws SQLException {
      List<String> outcomes = playOn("t", statements);
      assertThat(outcomes).as("as the compatible trigger").isEqualTo(playOn("c", statements));
      assertThat(events("t")).as("as the compatible trigger").isEqualTo(events("c"));
      return outcomes;
    }

    /** On t only. */
    List<String> alone(String... statements) throws SQLException {
      return playOn("t", statements);
    }

    private List<String> playOn(String table, String... statements) throws SQLException {
      List<String> outcomes = new ArrayList<>();
      try (Connection session = db.database().connect();
          Statement statement = session.createStatement()) {
        for (String sql : statements) {
          try {
            statement.execute(sql.replace("TAB", table));
            outcomes.add("");
          } catch (SQLException e) {
            outcomes.add(
                e.getSQLState()
                    + " "
                    + String.valueOf(e.getMessage()).replaceFirst("(?s)\n.*", ""));
          }
        }
      }
      return outcomes;
    }

    List<String> events(String table) {
      return db.events(table);
    }

    void regenerate() {
      assertThat(
              db.database()
                  .value(
                      "select ret_note from londiste._regenerate_triggers('q', 'public.t', null)"))
          .isEqualTo("Triggers created: public.t");
      assertThat(db.capture("t")).doesNotContain("stale");
    }

    @Override
    public void close() throws SQLException {
      try {
        snapshot.close();
      } finally {
        db.close();
      }
    }
  }

  private static final String[] ALL_KINDS = {
    "insert into TAB values (1, 'a'), (2, 'b'), (3, 'c')",
    "update TAB set v = v || '!' where id < 3",
    "delete from TAB where id = 2",
    "truncate TAB",
    "insert into TAB values (4, 'd')"
  };

  private static String[] words(String first, String... more) {
    return Stream.concat(Stream.of(first), Arrays.stream(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void writers_need_no_privileges_on_the_queue(Installation installation, String level)
      throws SQLException {
    String role = "writer_of_" + System.nanoTime();
    try (Pair pair = new Pair(installation, level)) {
      pair.db.execute("create role " + role);
      try {
        pair.execute("grant select, insert, update, delete, truncate on TAB to " + role);
        String[] statements = words("set role " + role, ALL_KINDS);
        // The compatible trigger runs with the writer's privileges, so it is not compared here.
        assertThat(pair.alone(statements)).containsOnly("");
        assertThat(pair.alone("set role " + role, "update t set id = id + 10")).containsOnly("");
        pair.db.assertEventsProduce("t");
        pair.execute("alter table TAB add n int");
        assertThat(pair.alone(statements).subList(1, 5)).containsOnly("");
        pair.db.execute("update pgq.queue set queue_per_tx_limit = 1000");
        assertThat(pair.alone("set role " + role, "update t set id = id + 10, n = 1"))
            .containsOnly("");
        assertThat(
                pair.alone(
                    "set role " + role,
                    "set pgq.session_replication_role = 'replica'",
                    "insert into t values (100)"))
            .containsOnly("");
        assertThat(pair.alone("set role " + role, "select * from pgq.event_template").get(1))
            .contains("permission denied");
        assertThat(pair.events("t")).last().asString().contains("\"n\":1");
      } finally {
        pair.db.execute("drop owned by " + role + "; drop role " + role);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void a_disabled_queue_refuses(Installation installation, String level) throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      pair.play("insert into TAB values (1, 'a'), (2, 'b')");
      pair.db.execute("update pgq.queue set queue_disable_insert = true");
      assertThat(
              pair.play(
                  "insert into TAB values (3, 'c')",
                  "update TAB set v = 'x'",
                  "delete from TAB",
                  "truncate TAB"))
          .allMatch(outcome -> outcome.contains("Insert into queue disallowed"));
      assertThat(pair.play("update TAB set v = 'x' where false", "delete from TAB where false"))
          .containsOnly("");
      assertThat(
              pair.play(
                  "set session_replication_role = replica", "insert into TAB values (5, 'worker')"))
          .containsOnly("");
      assertThat(
              pair.play(
                  "set pgq.session_replication_role = 'replica'",
                  "insert into TAB values (6, 'worker')"))
          .containsOnly("");
      // unlike with jsontriga, the update becomes a DELETE and an INSERT
      assertThat(pair.alone("update t set id = id + 10"))
          .first()
          .asString()
          .contains("Insert into queue disallowed");
      assertThat(pair.events("t")).hasSize(2);
      pair.db.execute("update pgq.queue set queue_disable_insert = false");
      assertThat(pair.play("update TAB set v = 'y'")).containsOnly("");
    }
  }

  /** Tests the generated trigger and, after DDL, its generic fallback. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void a_changed_key_is_marked_in_its_delete_event(Installation installation, String level)
      throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      pair.execute("insert into TAB values (1, 'a')");
      for (String change : List.of("", "alter table t add column more int")) {
        pair.db.execute(change);
        pair.db.forgetEvents();
        pair.db.execute("update t set id = id + 1");
        assertThat(
                pair.db
                    .database()
                    .column(
                        "select (ev_type::json ->> 'op') || coalesce(' ' || (ev_type::json ->>"
                            + " 'moved'), '') from pgq.event_template where ev_type not like"
                            + " '%UPDATE%' order by ev_id"))
            .as(change)
            .containsExactly("DELETE true", "INSERT");
      }
      pair.db.forgetEvents();
      pair.db.execute("delete from t");
      assertThat(pair.events("t")).singleElement().asString().doesNotContain("moved");
    }
  }

  /** A takeover waits for such a transaction, so that no event is lost. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void a_transaction_that_has_begun_to_write_can_continue(Installation installation, String level)
      throws SQLException {
    try (Pair pair = new Pair(installation, level);
        Connection writer = pair.db.database().connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("insert into t values (1, 'a')");
      String step = "select ret_code from pgq_node.demote_root('q', %d, 'n')";
      assertThat(pair.db.database().value(step.formatted(1))).isEqualTo("200");
      statement.execute("insert into t values (2, 'b')");
      assertThat(pair.alone("set lock_timeout = '200ms'", step.formatted(2)))
          .element(1)
          .asString()
          .startsWith("55P03");
      statement.execute("update t set v = 'c'");
      writer.commit();
      assertThat(pair.alone("set lock_timeout = '5s'", step.formatted(2))).containsOnly("");
      assertThat(pair.alone("insert into t values (3, 'd')"))
          .first()
          .asString()
          .contains("Insert into queue disallowed");
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void the_limit_of_events_per_transaction_is_enforced(Installation installation, String level)
      throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      pair.db.execute("update pgq.queue set queue_per_tx_limit = 3");
      assertThat(
              pair.play(
                  "insert into TAB select g, 'three' from generate_series(1, 3) g",
                  "insert into TAB select g, 'four' from generate_series(4, 7) g",
                  "begin",
                  "insert into TAB values (8, 'a'), (9, 'b')",
                  "update TAB set v = 'c' where false",
                  "savepoint s",
                  "update TAB set v = 'c' where id = 8",
                  "rollback to s",
                  "truncate TAB",
                  "savepoint s",
                  "delete from TAB where id = 8",
                  "insert into TAB values (10, 'd')",
                  "rollback to s",
                  "commit",
                  "insert into TAB values (11, 'e')"))
          .filteredOn(outcome -> !outcome.isEmpty())
          .hasSize(2)
          .allMatch(outcome -> outcome.contains("allows max 3 events from one TX"));
      pair.db.forgetEvents();
      // each changed key is two events
      assertThat(
              pair.alone(
                  "truncate t",
                  "insert into t values (1, 'a'), (2, 'b')",
                  "update t set id = 5 where id = 1",
                  "update t set id = id + 10"))
          .containsExactly("", "", "", "54000 ERROR: Queue 'q' allows max 3 events from one TX");
      pair.db.assertEventsProduce("t");
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void the_replication_role_of_the_session_decides(Installation installation, String level)
      throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      for (String setting :
          new String[] {"session_replication_role", "pgq.session_replication_role"}) {
        for (String role : new String[] {"replica", "local"}) {
          assertThat(pair.play(words("set " + setting + " = '" + role + "'", ALL_KINDS)))
              .containsOnly("");
          assertThat(pair.events("t")).as(setting + " = " + role).isEmpty();
          assertThat(
                  pair.play(
                      "begin",
                      "truncate TAB",
                      "insert into TAB values (1, 'origin')",
                      "set local " + setting + " = '" + role + "'",
                      "insert into TAB values (2, 'silent')",
                      "update TAB set v = 'silent'",
                      "set local " + setting + " = 'origin'",
                      "delete from TAB where id = 1",
                      "commit"))
              .containsOnly("");
          assertThat(pair.events("t")).hasSize(3);
          pair.execute("truncate TAB");
          pair.db.forgetEvents();
        }
      }
      // 'origin' in our own setting is handled by the fallback only
      assertThat(pair.play(words("set pgq.session_replication_role = 'origin'", ALL_KINDS)))
          .containsOnly("");
      assertThat(pair.events("t")).hasSize(8);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void triggers_enabled_always_fire_in_role_replica(Installation installation, String level)
      throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      pair.db.execute(
          """
          do $$ declare r record; begin
            for r in select * from pg_trigger where not tgisinternal and tgrelid in ('t'::regclass, 'c'::regclass) loop
              execute format('alter table %s enable always trigger %I', r.tgrelid::regclass, r.tgname);
            end loop;
          end $$
          """);
      for (String setting :
          new String[] {"session_replication_role", "pgq.session_replication_role"}) {
        assertThat(pair.play(words("set " + setting + " = 'replica'", ALL_KINDS))).containsOnly("");
        assertThat(pair.events("t")).as(setting).hasSize(8);
        pair.execute("truncate TAB");
        pair.db.forgetEvents();
      }
    }
  }

  /** Between the DDL and the new triggers, and after. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void capture_follows_changes_of_columns(Installation installation, String level)
      throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      String[] ddl = {
        "alter table TAB add n text default '1.50'",
        "alter table TAB drop v",
        "alter table TAB rename n to \"n n\"",
        "alter table TAB add v int",
        "alter table TAB alter v type text",
        "alter table TAB rename id to k"
      };
      int id = 0;
      pair.play("insert into TAB values (0, 'x')");
      for (String change : ddl) {
        pair.execute(change);
        for (String step : new String[] {"between", "after"}) {
          id++;
          assertThat(
                  pair.play(
                      "insert into TAB values (" + id + ")",
                      "insert into TAB values (" + (1000 + id) + ")",
                      "update TAB set " + (change.contains("to k") ? "k = k" : "id = id"),
                      "delete from TAB where " + id + " = 1000"))
              .as(change + ", " + step)
              .containsOnly("");
          assertThat(keys(pair, "t")).as(change + ", " + step).isEqualTo(keys(pair, "c"));
          if (step.equals("between")) {
            // row-level capture does not depend on the names of these types
            if (level.equals("statement") || change.contains("to k")) {
              assertThat(pair.db.capture("t")).as(change).contains("stale");
            }
            pair.regenerate();
          }
        }
      }
      // a session with cached plans continues through all changes
      List<String> one = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        one.add("insert into TAB values (" + (2000 + i) + ")");
        one.add("update TAB set k = k where k = " + (2000 + i));
        one.add("alter table TAB add late" + i + " text default 'l'");
      }
      one.add("insert into TAB values (3000)");
      one.add("delete from TAB where k = 2000");
      assertThat(pair.play(one.toArray(String[]::new))).containsOnly("");
    }
  }

  private static List<String> keys(Pair pair, String table) {
    return pair
        .db
        .database()
        .rows(
            "select substring(ev_type from '\"pkey\".*') from pgq.event_template where ev_extra1 ="
                + " ? order by ev_id",
            "public." + table)
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void truncates_are_events(Installation installation, String level) throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      pair.execute("create table kid_TAB (id int references TAB)");
      assertThat(
              pair.play(
                  "insert into TAB values (1, 'a')",
                  "begin",
                  "truncate TAB cascade",
                  "insert into TAB values (1, 'b')",
                  "truncate TAB cascade",
                  "rollback",
                  "begin",
                  "truncate kid_TAB, TAB",
                  "insert into TAB values (1, 'c')",
                  "commit",
                  "begin",
                  "insert into TAB values (2, 'd')",
                  "truncate TAB restart identity cascade",
                  "insert into TAB values (1, 'e')",
                  "commit"))
          .containsOnly("");
      assertThat(pair.events("t")).contains("R ");
      pair.db.assertEventsProduce("t");
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void only_tables_are_accepted(Installation installation, String level) throws SQLException {
    try (Pair pair = new Pair(installation, level)) {
      pair.db.execute("create view v as select 1 as id");
      boolean partitions = !installation.equals(Installation.OLDEST);
      if (partitions) {
        pair.db.execute("create table p (id int primary key) partition by range (id)");
        pair.db.execute("create table p1 partition of p for values from (0) to (10)");
        assertThat(pair.db.add("p", "capture=auto")).startsWith("200 ");
        assertThat(pair.db.add("p1", "capture=auto")).startsWith("405 ");
      }
      assertThat(pair.db.add("v", "capture=auto")).startsWith("404 ");
      for (String requested : List.of("auto", level, "compatible")) {
        assertThat(
                pair.db
                    .database()
                    .value(
                        "select ret_code || ' ' || ret_note from londiste.create_trigger('q', 'v',"
                            + " array['capture="
                            + requested
                            + "'], null, 'root')"))
            .isEqualTo("407 No capture=" + requested + " here: public.v is no table");
      }
    }
  }
}

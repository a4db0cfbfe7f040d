package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Effects of bulk writes that other sessions and triggers can see, and their limits. */
class RowApplierIT {
  private static final ApplyLimits SETS = new ApplyLimits(false, true, 10, 5, 200, Long.MAX_VALUE);
  private static final TableName TABLE = TableName.parse("public.t");

  private final TestDatabase database = Servers.newest().createDatabase();
  private final Database target =
      Database.direct(ConnectionString.parse(database.connectString()), "applier");
  private int ids;

  RowApplierIT() {
    database.execute("create table t (id int primary key, v text, u int unique)");
  }

  @AfterEach
  void drop() {
    target.close();
    database.close();
  }

  private DecodedEvent row(char operation, String data) {
    Event event =
        new Event(++ids, "", 1, null, operation + ":id", data, "public.t", null, null, null);
    return new DecodedEvent(event, RowChangeReader.read(event));
  }

  private List<DecodedEvent> rows(char operation, int count, String value) {
    List<DecodedEvent> rows = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      rows.add(row(operation, "id=" + id + "&v=" + value + "&u=" + id));
    }
    return rows;
  }

  /** Returns the number of updates and deletes that found no row. */
  private long apply(Connection db, TargetTables tables, List<DecodedEvent> rows)
      throws SQLException {
    Sql.run(db, "set local session_replication_role = 'replica'");
    RowApplier applier = new RowApplier(db, tables, SETS);
    for (DecodedEvent row : rows) {
      applier.apply(row, TABLE);
    }
    applier.flush();
    db.commit();
    return applier.missed();
  }

  private long apply(List<DecodedEvent> rows) throws SQLException {
    try (Connection db = target.open()) {
      return apply(db, new TargetTables(), rows);
    }
  }

  @Test
  void a_trigger_that_fires_always_sees_every_change() throws SQLException {
    database.execute(
        """
        create table seen (id int, v text);
        create function see() returns trigger language plpgsql as $$
        begin
          insert into seen values (new.id, new.v);
          return null;
        end $$;
        create trigger see after insert or update on t for each row execute procedure see();
        alter table t enable always trigger see;
        """);
    List<DecodedEvent> all = rows('I', 20, "a");
    all.addAll(rows('U', 20, "b"));
    apply(all);
    assertThat(database.count("seen")).isEqualTo(40);
  }

  @Test
  void a_trigger_created_between_two_batches_fires() throws SQLException {
    try (Connection db = target.open()) {
      TargetTables tables = new TargetTables();
      apply(db, tables, rows('I', 20, "a"));
      database.execute(
          """
          create table seen (id int);
          create function see() returns trigger language plpgsql as $$
          begin
            insert into seen values (new.id);
            return null;
          end $$;
          create trigger see after update on t for each row execute procedure see();
          alter table t enable always trigger see;
          """);
      List<DecodedEvent> all = rows('U', 20, "b");
      all.addAll(rows('U', 20, "c"));
      apply(db, tables, all);
      assertThat(database.count("seen")).isEqualTo(40);
    }
  }

  @Test
  void missing_rows_are_counted() throws SQLException {
    apply(rows('I', 20, "a"));
    assertThat(apply(rows('U', 25, "b"))).isEqualTo(5);
    assertThat(apply(rows('D', 30, "b"))).isEqualTo(10);
    assertThat(database.count("t")).isZero();
  }

  @Test
  void existing_rows_are_an_error_and_the_batch_has_no_effect() throws SQLException {
    database.execute("insert into t values (7, 'mine', 7)");
    assertThatThrownBy(() -> apply(rows('I', 20, "a"))).hasMessageContaining("duplicate key");
    assertThat(database.count("t")).isEqualTo(1);
  }

  @Test
  void exchanged_unique_values_end_as_with_single_events() throws SQLException {
    apply(rows('I', 20, "a"));
    List<DecodedEvent> all = rows('U', 20, "b");
    all.add(row('U', "id=1&v=x&u=99"));
    all.add(row('U', "id=2&v=x&u=1"));
    all.add(row('U', "id=1&v=x&u=2"));
    apply(all);
    assertThat(database.column("select id || ':' || u from t where v = 'x' order by id"))
        .containsExactly("1:2", "2:1");
  }

  @Test
  void what_was_staged_before_a_refused_set_is_not_written_again() throws SQLException {
    apply(rows('I', 40, "a"));
    try (Connection db = target.open()) {
      RowApplier applier = new RowApplier(db, new TargetTables(), SETS);
      List<DecodedEvent> refused = rows('U', 20, "c");
      refused.add(row('U', "id=1&v=c&u=99"));
      refused.add(row('U', "id=2&v=c&u=1"));
      refused.add(row('U', "id=1&v=c&u=2"));
      for (List<DecodedEvent> part :
          List.of(rows('U', 20, "b"), refused, rows('D', 40, "c").subList(20, 40))) {
        for (DecodedEvent row : part) {
          applier.apply(row, TABLE);
        }
        applier.flush();
      }
      db.commit();
    }
    assertThat(database.count("t")).isEqualTo(20);
  }

  @Test
  void foreign_keys_do_not_refuse_sets_of_parents_and_children() throws SQLException {
    database.execute("create table child (id int primary key, v text, u int references t)");
    TableName child = TableName.parse("public.child");
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(BufferWriter.class);
    log.setLevel(Level.DEBUG);
    told.start();
    log.addAppender(told);
    try (Connection db = target.open()) {
      RowApplier applier = new RowApplier(db, new TargetTables(), SETS);
      applier.apply(row('I', "id=100&v=first&u"), child);
      for (char operation : new char[] {'I', 'D'}) {
        for (TableName table : operation == 'I' ? List.of(TABLE, child) : List.of(child, TABLE)) {
          for (DecodedEvent row : rows(operation, 20, "a")) {
            applier.apply(row, table);
          }
        }
        applier.flush();
        db.commit();
      }
    } finally {
      log.detachAppender(told);
      log.setLevel(null);
    }
    assertThat(told.list).isEmpty();
    assertThat(database.count("child")).isEqualTo(1);
  }

  @Test
  void a_column_of_another_type_is_noticed_within_the_session() throws SQLException {
    try (Connection db = target.open()) {
      TargetTables tables = new TargetTables();
      apply(db, tables, rows('I', 20, "a"));
      apply(db, tables, rows('U', 20, "b"));
      database.execute("alter table t alter id type bigint");
      for (int i = 0; i < 2; i++) {
        List<DecodedEvent> large = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
          large.add(row(i == 0 ? 'I' : 'U', "id=" + (10_000_000_000L + n) + "&v=" + i + "&u"));
        }
        assertThat(apply(db, tables, large)).isZero();
      }
      assertThat(database.number("select count(*) from t where v = '1'")).isEqualTo(20);
    }
  }

  @Test
  void rows_are_the_same_when_their_capture_changes_within_a_batch() throws SQLException {
    database.execute("create table moments (at timestamp primary key, v text)");
    TableName moments = TableName.parse("public.moments");
    try (Connection db = target.open()) {
      RowApplier applier = new RowApplier(db, new TargetTables(), SETS);
      for (int minute = 10; minute < 40; minute++) {
        applier.apply(moment("I:at", "at=2026-01-01 10:" + minute + ":00&v=old"), moments);
      }
      for (int minute = 10; minute < 40; minute++) {
        String row = "{\"at\":\"2026-01-01T10:" + minute + ":00\",\"v\":\"new\"}";
        applier.apply(moment("{\"op\":\"UPDATE\",\"pkey\":[\"at\"]}", row), moments);
      }
      applier.flush();
      db.commit();
      assertThat(applier.missed()).isZero();
    }
    assertThat(database.column("select distinct v from moments")).containsExactly("new");
  }

  private DecodedEvent moment(String type, String data) {
    Event event = new Event(++ids, "", 1, null, type, data, "public.moments", null, null, null);
    return new DecodedEvent(event, RowChangeReader.read(event));
  }

  @Test
  void a_role_without_temporary_tables_can_apply() throws SQLException {
    database.execute(
        """
        do $$ begin execute 'revoke temp on database ' || current_database() || ' from public'; end $$;
        drop role if exists applier_without_temp;
        create role applier_without_temp;
        grant all on t to applier_without_temp;
        """);
    try (Connection db = target.open()) {
      Sql.run(db, "set role applier_without_temp");
      db.commit();
      RowApplier applier = new RowApplier(db, new TargetTables(), SETS);
      List<DecodedEvent> all = rows('I', 20, "a");
      all.addAll(rows('U', 20, "b"));
      for (DecodedEvent row : all) {
        applier.apply(row, TABLE);
      }
      applier.flush();
      long changed = Sql.one(db, "select count(*) from t where v = 'b'", row -> row.getLong(1));
      assertThat(changed).isEqualTo(20);
      db.rollback();
    }
    database.execute("drop owned by applier_without_temp; drop role applier_without_temp");
  }

  @Test
  void large_rows_are_complete() throws SQLException {
    String large = "0123456789é\\".repeat(200_000);
    String encoded = large.replace("é", "%c3%a9").replace("\\", "%5c");
    apply(List.of(row('I', "id=1&v=" + encoded + "&u=1")));
    apply(List.of(row('U', "id=1&v=x" + encoded + "&u=1")));
    assertThat(database.value("select md5(v) from t"))
        .isEqualTo(database.value("select md5(?)", "x" + large));
  }

  @Test
  void a_large_row_that_is_refused_is_named_by_its_event() throws SQLException {
    database.execute("alter table t add check (v not like 'x%')");
    apply(rows('I', 1, "a"));
    String large = "x".repeat(2_000_000);
    for (DecodedEvent row : List.of(row('I', "id=2&v=" + large), row('U', "id=1&v=" + large))) {
      try (Connection db = target.open()) {
        RowApplier applier =
            new RowApplier(
                db, new TargetTables(), new ApplyLimits(true, false, 0, 1, 1, Long.MAX_VALUE));
        assertThatThrownBy(() -> applier.apply(row, TABLE))
            .hasMessageStartingWith(
                "[ev_id=" + row.event().id() + ",ev_txid=1] ERROR: new row for");
      }
    }
  }

  @Test
  void the_server_refuses_a_key_that_is_not_a_number() throws SQLException {
    database.execute("create table t2 (id int, v text, u int, primary key (id, u))");
    List<DecodedEvent> rows = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      Event event =
          new Event(
              ++ids, "", 1, null, "U:id,u", "id=seven&v=a&u=" + n, "public.t2", null, null, null);
      rows.add(new DecodedEvent(event, RowChangeReader.read(event)));
    }
    try (Connection db = target.open()) {
      RowApplier applier = new RowApplier(db, new TargetTables(), SETS);
      for (DecodedEvent row : rows) {
        applier.apply(row, TableName.parse("public.t2"));
      }
      assertThatThrownBy(applier::flush)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("invalid input syntax for")
          .hasMessageContaining("seven");
    }
  }

  @Test
  void a_session_keeps_few_temporary_tables() throws SQLException {
    try (Connection db = target.open()) {
      for (int n = 0; n < 120; n++) {
        database.execute("create table t%d (id int primary key, v text, u int)".formatted(n));
        RowApplier applier = new RowApplier(db, new TargetTables(), SETS);
        for (DecodedEvent row : rows('U', 11, "b")) {
          applier.apply(row, TableName.parse("t" + n));
        }
        applier.flush();
        db.commit();
      }
      long stages =
          Sql.one(
              db,
              "select count(*) from pg_class where relname like 'jlondiste\\_stage%'",
              row -> row.getLong(1));
      assertThat(stages).isBetween(1L, 110L);
    }
  }
}

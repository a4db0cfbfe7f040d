package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/**
 * Updates of keys on a target where foreign keys and triggers fire, because the role may not
 * disable them. They must have no effect that they did not have on the source.
 */
class KeyUpdatesIT {
  private static final TableName PARENT = TableName.parse("public.parent");
  private static final TableName CHILD = TableName.parse("public.child");
  private static final List<ApplyLimits> LIMITS =
      List.of(
          new ApplyLimits(false, false, 0, 1, 200, Long.MAX_VALUE),
          new ApplyLimits(false, true, 0, 1, 200, Long.MAX_VALUE),
          new ApplyLimits(true, false, 0, 1, 1, Long.MAX_VALUE));

  private final TestDatabase database = Servers.newest().createDatabase();
  private final Database target =
      Database.direct(ConnectionString.parse(database.connectString()), "applier");
  private final List<DecodedEvent> events = new ArrayList<>();
  private long txid = 1;
  private TableName table = PARENT;

  KeyUpdatesIT() {
    database.execute("create table parent (id int primary key, v text)");
    database.execute("insert into parent select i, 'v' || i from generate_series(1, 9) i");
  }

  @AfterEach
  void drop() {
    target.close();
    database.close();
  }

  private void child(String reference) {
    database.execute(
        "create table child (id int primary key, parent int references parent " + reference + ")");
    database.execute("insert into child select i * 10, i from generate_series(1, 9) i");
  }

  private void event(String operation, String more, int id, String value) {
    String type =
        "{\"op\":\"%s\",\"table\":[\"public\",\"%s\"],\"pkey\":[\"id\"]%s}"
            .formatted(operation, table.name(), more);
    String data = "{\"id\":%d,\"v\":\"%s\"}".formatted(id, value);
    int number = events.size() + 1;
    Event event = new Event(number, "", txid, null, type, data, table.full(), null, null, null);
    events.add(new DecodedEvent(event, RowChangeReader.read(event)));
  }

  private void leaves(int id) {
    event("DELETE", ",\"moved\":true", id, "old");
  }

  private void arrives(int id, String value) {
    event("INSERT", "", id, value);
  }

  private void moves(int from, int to) {
    leaves(from);
    arrives(to, "v" + from);
  }

  /** Returns the number of updates and deletes that found no row. */
  private long apply(ApplyLimits limits) throws SQLException {
    try (Connection db = target.open()) {
      long missed = apply(limits, db);
      db.commit();
      return missed;
    }
  }

  private long apply(ApplyLimits limits, Connection db) throws SQLException {
    RowApplier applier = new RowApplier(db, new TargetTables(), limits);
    for (DecodedEvent event : events) {
      applier.apply(event, TableName.parse(event.event().requiredExtra1()));
    }
    applier.finish();
    return applier.missed();
  }

  /** Applies with each of the limits; the last run is committed. */
  private void applyAnyway() throws SQLException {
    for (ApplyLimits limits : LIMITS) {
      try (Connection db = target.open()) {
        assertThat(apply(limits, db)).as("missed").isZero();
        Sql.run(db, "set constraints all immediate");
        if (limits.equals(LIMITS.get(2))) {
          db.commit();
        } else {
          db.rollback();
        }
      }
    }
  }

  private List<String> parents() {
    return database.column("select id || v from parent order by id");
  }

  private List<String> children() {
    return database.column("select parent from child order by id");
  }

  @Test
  void rows_that_refer_to_a_key_that_another_row_takes_are_kept() throws SQLException {
    for (String action : List.of("cascade", "set null", "set default", "no action", "restrict")) {
      child("on delete " + action);
      database.execute("delete from child where parent in (1, 8, 9)");
      database.execute("delete from parent where id = 9");
      for (int id = 8; id > 0; id--) {
        moves(id, id + 1);
      }
      applyAnyway();
      assertThat(parents()).containsExactly("2v1", "3v2", "4v3", "5v4", "6v5", "7v6", "8v7", "9v8");
      assertThat(children()).as(action).containsExactly("2", "3", "4", "5", "6", "7");
      events.clear();
      database.execute("drop table child; truncate parent");
      database.execute("insert into parent select i, 'v' || i from generate_series(1, 9) i");
    }
  }

  @Test
  void what_may_wait_for_its_row_waits() throws SQLException {
    child("on delete cascade deferrable initially deferred");
    moves(1, 11);
    arrives(1, "anew");
    applyAnyway();
    assertThat(parents()).startsWith("1anew").endsWith("11v1");
    assertThat(children()).startsWith("1").hasSize(9);
  }

  /** The foreign key has already moved the row of which the source sends an update. */
  @Test
  void rows_that_a_cascade_moves_are_not_moved_twice() throws SQLException {
    database.execute(
        "create table child (id int primary key references parent on update cascade on delete cascade, v text)");
    database.execute("insert into child values (1, 'v1'), (2, 'v2')");
    moves(1, 11);
    table = CHILD;
    moves(1, 11);
    applyAnyway();
    assertThat(database.column("select id || v from child order by id"))
        .containsExactly("2v2", "11v1");
  }

  @Test
  void what_goes_with_its_row_and_tells_so_stays() throws SQLException {
    child("on update cascade on delete cascade");
    for (int id = 9; id > 0; id--) {
      moves(id, id + 1);
    }
    applyAnyway();
    assertThat(children()).containsExactly("2", "3", "4", "5", "6", "7", "8", "9", "10");
  }

  @Test
  void other_transactions_may_come_between() throws SQLException {
    child("on delete cascade");
    database.execute("delete from child where parent < 3");
    leaves(1);
    txid = 2;
    leaves(2);
    txid = 1;
    arrives(11, "v1");
    txid = 3;
    event("UPDATE", "", 3, "changed");
    txid = 2;
    arrives(12, "v2");
    applyAnyway();
    assertThat(parents()).startsWith("3changed").endsWith("11v1", "12v2").hasSize(9);
    assertThat(children()).hasSize(7);
  }

  /** All events in the queue of a branch have the transaction id of the worker that copied them. */
  @Test
  void transactions_that_cannot_be_told_apart_leave_the_same_rows() throws SQLException {
    child("on delete cascade");
    database.execute("delete from child where parent < 3");
    leaves(1);
    leaves(2);
    arrives(12, "v2");
    arrives(20, "anew");
    arrives(11, "v1");
    applyAnyway();
    assertThat(parents()).endsWith("9v9", "11v1", "12v2", "20anew").hasSize(10);
    assertThat(children()).hasSize(7);
  }

  @Test
  void a_row_moves_twice() throws SQLException {
    child("on delete cascade");
    database.execute("delete from child where parent < 3");
    moves(1, 11);
    moves(2, 1);
    moves(11, 12);
    moves(1, 11);
    applyAnyway();
    assertThat(parents()).endsWith("9v9", "11v1", "12v11").hasSize(9);
  }

  @Test
  void many_rows_move() throws SQLException {
    child("on delete cascade");
    database.execute("delete from child");
    database.execute("insert into parent select i, 'v' || i from generate_series(10, 700) i");
    database.execute("insert into child select i * 10, i from generate_series(301, 700) i");
    for (int id = 700; id >= 300; id--) {
      moves(id, id + 1);
    }
    for (int id = 1; id < 300; id++) {
      moves(id, id + 1000);
    }
    applyAnyway();
    assertThat(parents()).startsWith("301v300").hasSize(700);
    assertThat(children()).hasSize(400);
  }

  @Test
  void triggers_see_the_update_that_it_was() throws SQLException {
    database.execute(
        """
        create table seen (what text);
        create function see() returns trigger language plpgsql as $$
        begin
          insert into seen values (tg_op);
          return null;
        end $$;
        create trigger see after insert or update or delete on parent
          for each row execute procedure see();
        """);
    moves(1, 11);
    applyAnyway();
    assertThat(database.column("select what from seen")).containsExactly("UPDATE");
  }

  @Test
  void a_missing_row_is_counted_and_inserted() throws SQLException {
    child("on delete cascade");
    moves(20, 21);
    moves(9, 19);
    database.execute("delete from child where parent = 9");
    assertThat(apply(LIMITS.get(1))).isEqualTo(1);
    assertThat(parents()).endsWith("8v8", "19v9", "21v20").hasSize(10);
  }

  @Test
  void a_row_without_a_new_key_is_not_deleted() throws SQLException {
    child("on delete cascade");
    leaves(1);
    assertThatThrownBy(() -> apply(LIMITS.get(1)))
        .hasMessage(
            "[ev_id=1,ev_txid=1] a row of public.parent left its key, and no INSERT of the transaction has its new one");
    assertThat(children()).hasSize(9);
  }

  @Test
  void a_refused_event_is_named_in_careful_mode() throws SQLException {
    child("on delete cascade");
    moves(1, 11);
    assertThatThrownBy(() -> apply(LIMITS.get(2)))
        .hasMessageStartingWith("[ev_id=2,ev_txid=1] ")
        .hasMessageContaining("violates foreign key constraint");
    assertThat(children()).hasSize(9);
  }
}

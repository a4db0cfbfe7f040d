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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A truncate empties the table that it names, and no other table loses a row. */
class TruncatesIT {
  private static final TableName PARENT = TableName.parse("public.parent");
  private static final TableName CHILD = TableName.parse("public.child");
  private static final ApplyLimits CAREFUL = new ApplyLimits(true, false, 0, 1, 1, Long.MAX_VALUE);

  @FunctionalInterface
  private interface Test {
    void in(TestDatabase database, Connection target) throws SQLException;
  }

  private static void on(String major, String tables, Test test) throws SQLException {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Database target =
            Database.direct(ConnectionString.parse(database.connectString()), "applier")) {
      database.execute(tables);
      try (Connection connection = target.open()) {
        test.in(database, connection);
      }
    }
  }

  private static void replica(Connection target) throws SQLException {
    Sql.run(target, "set session_replication_role = 'replica'");
    target.commit();
  }

  private static Event truncate(long id, TableName table) {
    return new Event(id, "", 1, null, "R", "", table.full(), null, null, null);
  }

  private static DecodedEvent insert(long id, TableName table, String data) {
    Event event = new Event(id, "", 1, null, "I:id", data, table.full(), null, null, null);
    return new DecodedEvent(event, RowChangeReader.read(event));
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void inheritance_children_keep_their_rows(String major) throws SQLException {
    on(
        major,
        """
        create table parent (id int primary key, v text);
        create table child (primary key (id)) inherits (parent);
        insert into parent values (1, 'parent');
        insert into child values (2, 'child');
        """,
        (database, target) -> {
          RowApplier applier = new RowApplier(target, new TargetTables(), CAREFUL);
          applier.truncate(truncate(1, PARENT), PARENT);
          applier.apply(insert(2, PARENT, "id=3&v=after"), PARENT);
          applier.finish();
          target.commit();
          assertThat(database.column("select v from parent order by id"))
              .containsExactly("child", "after");
        });
  }

  private static final String REFERENCE =
      """
      create table parent (id int primary key, v text);
      create table child (id int primary key, p int references parent on delete %s);
      insert into parent values (1, 'parent');
      insert into child values (1, 1);
      """;

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void tables_that_refer_to_each_other_are_truncated_together(String major) throws SQLException {
    on(
        major,
        REFERENCE.formatted("no action"),
        (database, target) -> {
          RowApplier applier = new RowApplier(target, new TargetTables(), CAREFUL);
          applier.truncate(truncate(1, PARENT), PARENT);
          applier.truncate(truncate(2, CHILD), CHILD);
          applier.finish();
          target.commit();
          assertThat(database.count("parent")).isZero();
          assertThat(database.count("child")).isZero();
        });
  }

  /** As for other deletes, the source decides which rows are deleted, not the subscriber's keys. */
  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void rows_that_refer_to_the_table_are_kept_where_foreign_keys_do_not_fire(String major)
      throws SQLException {
    on(
        major,
        REFERENCE.formatted("cascade"),
        (database, target) -> {
          replica(target);
          RowApplier applier = new RowApplier(target, new TargetTables(), CAREFUL);
          applier.truncate(truncate(1, PARENT), PARENT);
          applier.apply(insert(2, PARENT, "id=1&v=again"), PARENT);
          applier.finish();
          target.commit();
          assertThat(database.column("select v from parent")).containsExactly("again");
          assertThat(database.count("child")).isEqualTo(1);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void a_truncate_that_foreign_keys_refuse_is_named_by_its_event(String major) throws SQLException {
    on(
        major,
        REFERENCE.formatted("no action"),
        (database, target) -> {
          RowApplier applier = new RowApplier(target, new TargetTables(), CAREFUL);
          applier.truncate(truncate(7, PARENT), PARENT);
          assertThatThrownBy(applier::finish)
              .hasMessageStartingWith("[ev_id=7,ev_txid=1] ")
              .hasMessageContaining("violates foreign key constraint");
          target.rollback();
          assertThat(database.count("parent")).isEqualTo(1);
          assertThat(database.count("child")).isEqualTo(1);
        });
  }
}

package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table is emptied where TRUNCATE is refused, and no row that refers to it is lost. */
class EmptyTableIT {
  private static final TableName T = TableName.parse("public.t");

  private static final String REFERRED =
      """
      create table t (id int primary key);
      create table r (t_id int references t on delete cascade);
      insert into t values (1), (2);
      """;

  private static EmptyTable.Way empty(TestDatabase database, String before) throws Exception {
    try (Connection db = database.connect()) {
      db.setAutoCommit(false);
      Sql.run(db, before);
      EmptyTable.Way way = EmptyTable.empty(db, T);
      db.commit();
      return way;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void truncates_where_possible(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute("create table t (id int primary key); insert into t values (1)");
      assertThat(empty(database, "select 1")).isEqualTo(EmptyTable.Way.TRUNCATED);
      assertThat(database.count("t")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void rows_that_refer_to_it_are_kept(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute(REFERRED + "insert into r values (1)");
      assertThat(empty(database, "set session_replication_role = replica"))
          .isEqualTo(EmptyTable.Way.DELETED);
      assertThat(database.count("t")).isZero();
      assertThat(database.count("r")).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void rows_that_refer_to_it_are_not_deleted_with_it(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabaseOwnedBy("plain_owner")) {
      database.execute(REFERRED + "insert into r values (null)");
      assertThat(empty(database, "select 1")).isEqualTo(EmptyTable.Way.DELETED);
      database.execute("insert into t values (1), (2); insert into r values (1)");
      assertThatThrownBy(() -> empty(database, "select 1"))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "table public.t cannot be emptied for its copy (cannot truncate a table referenced in"
                  + " a foreign key constraint): rows refer to it from public.r (r_t_id_fkey, on"
                  + " delete cascade), and this role cannot set session_replication_role");
      assertThat(database.count("t")).isEqualTo(2);
      assertThat(database.count("r")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void a_role_without_the_privilege_deletes_the_rows(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabaseOwnedBy("plain_owner")) {
      database.execute(
          """
          create table t (id int primary key);
          insert into t values (1);
          revoke truncate on t from plain_owner;
          """);
      assertThat(empty(database, "select 1")).isEqualTo(EmptyTable.Way.DELETED);
      assertThat(database.count("t")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void trigger_events_may_be_pending(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.execute(
          """
          create table t (id int primary key, parent int);
          alter table t add foreign key (parent) references t deferrable initially deferred;
          """);
      assertThat(empty(database, "insert into t values (1, 1)")).isEqualTo(EmptyTable.Way.DELETED);
      assertThat(database.count("t")).isZero();
    }
  }
}

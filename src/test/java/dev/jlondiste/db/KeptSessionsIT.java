package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A command uses its sessions again, and each use begins as a new session would. */
class KeptSessionsIT {
  private final TestDatabase server = Servers.shared(Servers.NEWEST).createDatabase();
  private final Database database =
      Database.keeping(ConnectionString.parse(server.connectString()), "command");

  @AfterEach
  void close() {
    database.close();
    server.close();
  }

  private static String value(Connection db, String expression) throws SQLException {
    return Sql.one(db, "select " + expression, row -> row.getString(1));
  }

  private String pid() throws SQLException {
    return database.call(db -> value(db, "pg_backend_pid()::text"));
  }

  private long sessions() {
    return server.number(
        "select count(*) from pg_stat_activity where application_name = 'command'");
  }

  @Test
  void a_closed_session_is_used_again_and_its_transaction_is_rolled_back() throws SQLException {
    String pid = pid();
    try (Connection db = database.open()) {
      Sql.run(db, "create table left_open ()");
    }
    assertThat(database.<String>ask(db -> value(db, "to_regclass('left_open')::text"))).isNull();
    assertThat(pid()).isEqualTo(pid);
    assertThat(sessions()).isEqualTo(1);
  }

  @Test
  void sessions_that_are_open_at_a_time_are_different() throws SQLException {
    try (Connection one = database.open();
        Connection two = database.open()) {
      assertThat(value(one, "pg_backend_pid()")).isNotEqualTo(value(two, "pg_backend_pid()"));
    }
    assertThat(sessions()).isEqualTo(2);
    pid();
    assertThat(sessions()).isEqualTo(2);
  }

  @Test
  void each_use_begins_with_the_settings_of_a_new_session() throws SQLException {
    String query =
        "current_setting('intervalstyle') || current_setting('statement_timeout')"
            + " || current_setting('transaction_isolation')"
            + " || current_setting('transaction_read_only')";
    String fresh = database.call(db -> value(db, query));
    String pid = pid();
    try (Connection db = database.open()) {
      db.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      db.setReadOnly(true);
      Sql.run(db, "set intervalstyle = 'iso_8601'");
      Sql.run(db, "set statement_timeout = '1h'");
      db.commit();
      assertThat(value(db, query)).isNotEqualTo(fresh);
    }
    assertThat(database.<String>call(db -> value(db, query))).isEqualTo(fresh);
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  void a_session_that_has_ended_is_replaced() throws SQLException {
    String pid = pid();
    server.killConnections();
    assertThat(pid()).isNotEqualTo(pid);
    assertThat(sessions()).isEqualTo(1);
  }

  @Test
  void a_session_that_ended_in_use_or_was_cut_is_replaced() throws SQLException {
    try (Connection db = database.open()) {
      server.killConnections();
      assertThatThrownBy(() -> value(db, "1")).isInstanceOf(SQLException.class);
    }
    String pid;
    try (Connection db = database.open()) {
      pid = value(db, "pg_backend_pid()");
      Conversation.cut(db);
    }
    assertThat(pid()).isNotEqualTo(pid);
    Awaitility.await().untilAsserted(() -> assertThat(sessions()).isEqualTo(1));
  }

  @Test
  void a_server_that_does_not_answer_costs_a_new_session_only() throws Exception {
    String pid = pid();
    assumeTrue(ProcessHandle.of(Long.parseLong(pid)).isPresent(), "a server on this machine");
    signal("STOP", pid);
    try {
      assertThat(pid()).isNotEqualTo(pid);
    } finally {
      signal("CONT", pid);
    }
  }

  private static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor())
        .isZero();
  }

  @Test
  void the_timeout_of_a_user_ends_with_its_use() throws SQLException {
    try (Connection db = database.open()) {
      db.setNetworkTimeout(Runnable::run, 50);
    }
    assertThat(database.<String>call(db -> value(db, "pg_sleep(0.2)::text"))).isEmpty();
  }

  @Test
  void a_failed_statement_does_not_cost_the_session() throws SQLException {
    String pid = pid();
    for (String bad : List.of("1 / 0", "no_such_function()")) {
      assertThatThrownBy(() -> database.run(db -> value(db, bad))).isInstanceOf(SQLException.class);
    }
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  void all_end_with_the_database_which_connects_again_if_it_must() throws SQLException {
    String pid = pid();
    database.close();
    Awaitility.await().untilAsserted(() -> assertThat(sessions()).isZero());
    assertThat(pid()).isNotEqualTo(pid);
  }
}

package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** A connection with a partly read answer is never used again. */
class ConversationIT {
  private static final String LONG_COPY =
      "copy (select g, repeat('x', 1000) from generate_series(1, 100000) g) to stdout";
  private static final String SHORT_COPY = "copy (select generate_series(1, 20)) to stdout";

  /** The server sends the first rows when its buffer is full, and then none. */
  private static final String SILENT_COPY =
      "copy (select case g when 1 then repeat('x', 20000) else pg_sleep(600)::text end"
          + " from generate_series(1, 2) g) to stdout";

  private TestDatabase server;
  private Database database;

  @BeforeEach
  void open() {
    open(Servers.NEWEST);
  }

  private void open(String major) {
    server = Servers.shared(major).createDatabase();
    server.execute("create table t (id int primary key)");
    database =
        Database.pooled(
            ConnectionString.parse(server.connectString()), "conversation", 3, Duration.ZERO);
  }

  @AfterEach
  void close() {
    database.close();
    server.close();
  }

  /**
   * The reason for {@link Conversation}: the driver cancels the COPY, but leaves its rows unread.
   */
  @Test
  void the_driver_leaves_the_rest_of_a_copy_on_the_connection() throws SQLException {
    try (Connection db = server.connect()) {
      CopyOut copy = db.unwrap(PGConnection.class).getCopyAPI().copyOut(LONG_COPY);
      copy.readFromCopy();
      copy.cancelCopy();
      assertThatThrownBy(() -> answer(db, 4711)).isInstanceOf(SQLException.class);
      assertThat(db.isClosed()).as("the driver takes it for usable").isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void the_pool_replaces_a_connection_with_an_unfinished_copy(String major) throws SQLException {
    close();
    open(major);
    long cut;
    try (Connection db = database.open()) {
      cut = pid(db);
      try (CopyOutput copy = CopyOutput.start(db, LONG_COPY)) {
        copy.next();
      }
    } // a closed connection can be returned
    try (Connection db = database.open()) {
      assertThat(answer(db, 4711)).isEqualTo(4711);
    }
    await().until(() -> server.count("pg_stat_activity where pid = " + cut) == 0);
  }

  @Test
  void a_short_copy_that_has_arrived_keeps_the_connection() throws SQLException {
    try (Connection db = database.open()) {
      long pid = pid(db);
      for (int rows = 0; rows <= 20; rows++) {
        try (CopyOutput copy = CopyOutput.start(db, SHORT_COPY)) {
          for (int i = 0; i < rows; i++) {
            assertThat(new String(copy.next(), StandardCharsets.UTF_8)).isEqualTo((i + 1) + "\n");
          }
        }
        if (db.unwrap(Connection.class).isClosed()) {
          return; // the server was slow, and the connection was cut, which is also correct
        }
        assertThat(answer(db, rows)).isEqualTo(rows);
      }
      assertThat(pid(db)).isEqualTo(pid);
    }
  }

  @Test
  void a_copy_that_ends_with_an_error_leaves_the_connection_intact() throws SQLException {
    try (Connection db = database.open()) {
      long pid = pid(db);
      try (CopyOutput copy =
          CopyOutput.start(
              db, "copy (select 1 / (3 - g) from generate_series(1, 9) g) to stdout")) {
        assertThatThrownBy(
                () -> {
                  while (copy.next() != null) {}
                })
            .hasMessageContaining("division by zero");
      }
      db.rollback();
      assertThatThrownBy(() -> CopyOutput.start(db, "copy missing to stdout"))
          .hasMessageContaining("missing");
      db.rollback();
      assertThat(answer(db, 4711)).isEqualTo(4711);
      assertThat(pid(db)).isEqualTo(pid);
    }
  }

  /** The pool tracks statements only. */
  @Test
  void a_transaction_with_a_copy_alone_is_rolled_back() throws SQLException {
    try (Connection db = database.open();
        CopyText copy = new CopyText(db, "copy t from stdin")) {
      copy.rows().value("1").endRow();
      copy.end();
    }
    try (Connection db = database.open()) {
      assertThatThrownBy(() -> CopyOutput.start(db, "copy missing to stdout"))
          .hasMessageContaining("missing");
    }
    try (Connection db = database.open()) {
      assertThat(answer(db, 4711)).isEqualTo(4711);
      db.commit();
    }
    assertThat(server.count("t")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_thread_that_waits_for_the_server_is_released(String major) throws Exception {
    close();
    open(major);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection db = server.connect()) {
      long pid = pid(db);
      Future<byte[]> read =
          threads.submit(
              () -> {
                try (CopyOutput copy = CopyOutput.start(db, SILENT_COPY)) {
                  copy.next();
                  return copy.next();
                }
              });
      await()
          .until(
              () ->
                  server.count("pg_stat_activity where query like 'copy%' and pid = " + pid) == 1);
      Conversation.cut(db);
      assertThatThrownBy(read::get).hasCauseInstanceOf(SQLException.class);
      await().until(() -> server.count("pg_stat_activity where pid = " + pid) == 0);
    } finally {
      threads.shutdown();
    }
  }

  /** By default HikariCP treats the server's "feature not supported" as a broken connection. */
  @Test
  void a_refused_truncate_leaves_the_transaction_to_its_savepoint() throws SQLException {
    try (Connection db = database.open()) {
      long pid = pid(db);
      Sql.run(db, "create table referred (id int primary key)");
      Sql.run(db, "create table referring (id int references referred)");
      Savepoint before = db.setSavepoint();
      assertThatThrownBy(() -> Sql.run(db, "truncate referred"))
          .hasMessageContaining("cannot truncate");
      db.rollback(before);
      Sql.run(db, "delete from referred");
      assertThat(pid(db)).isEqualTo(pid);
      db.rollback();
    }
  }

  @Test
  void an_aborted_copy_leaves_the_connection_intact() throws SQLException {
    try (Connection db = database.open()) {
      long pid = pid(db);
      for (int rows = 0; rows < 3; rows++) {
        try (CopyText copy = new CopyText(db, "copy t from stdin")) {
          for (int i = 0; i < 1000 * rows; i++) {
            copy.rows().value(Integer.toString(i / 2)).endRow(); // a duplicate key
          }
          copy.rows().flush();
        }
        db.rollback();
        assertThat(answer(db, rows)).isEqualTo(rows);
      }
      try (CopyText copy = new CopyText(db, "copy t from stdin")) {
        copy.rows().value("1").endRow();
        copy.rows().value("1").endRow();
        assertThatThrownBy(copy::end).hasMessageContaining("t_pkey");
      }
      db.rollback();
      assertThat(answer(db, 4711)).isEqualTo(4711);
      assertThat(pid(db)).isEqualTo(pid);
      assertThat(server.count("t")).isZero();
    }
  }

  @Test
  void a_lost_session_is_not_reused() throws SQLException {
    for (boolean writing : new boolean[] {true, false}) {
      try (Connection db = database.open()) {
        try (CopyInput in = writing ? CopyInput.start(db, "copy t from stdin") : null;
            CopyOutput out = writing ? null : CopyOutput.start(db, SILENT_COPY)) {
          server.killConnections();
          assertThatThrownBy(() -> last(in, out)).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(db::commit).isInstanceOf(SQLException.class);
      } catch (SQLException e) {
        assertThat(e.getSQLState()).startsWith("08");
      }
      for (int i = 0; i < 3; i++) {
        try (Connection db = database.open()) {
          assertThat(answer(db, i)).isEqualTo(i);
        }
      }
    }
  }

  private static void last(CopyInput in, CopyOutput out) throws SQLException {
    if (in != null) {
      in.end();
    } else {
      out.next();
      out.next();
    }
  }

  /** An error of the driver may concern the answer to another statement. */
  @Test
  void only_an_error_of_the_server_leaves_a_connection_in_the_pool() throws SQLException {
    long pid;
    try (Connection db = database.open()) {
      pid = pid(db);
      assertThatThrownBy(() -> Sql.run(db, "select 1 / 0"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(Conversation.isIntact(e)).isTrue());
    }
    try (Connection db = database.open()) {
      assertThat(pid(db)).isEqualTo(pid);
      assertThatThrownBy(() -> db.createStatement().executeQuery("set work_mem = '1MB'"))
          .hasMessageContaining("No results")
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(Conversation.isIntact(e)).isFalse());
    }
    try (Connection db = database.open()) {
      assertThat(pid(db)).isNotEqualTo(pid);
    }
  }

  /** Applications with a pool of their own use our queues, too. */
  @Test
  void another_pool_drops_a_connection_that_was_cut() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.jdbcUrl());
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      for (int i = 0; i < 5; i++) {
        try (Connection db = pool.getConnection();
            CopyOutput copy = CopyOutput.start(db, LONG_COPY)) {
          copy.next();
        }
        try (Connection db = pool.getConnection()) {
          assertThat(answer(db, i)).isEqualTo(i);
        }
      }
    }
  }

  /**
   * Regression: each race between a thread that connects and one that returns its connection added
   * a connection to the pool.
   */
  @Test
  void the_pool_has_as_many_connections_as_are_used_at_once() throws Exception {
    try (Database large =
        Database.pooled(
            ConnectionString.parse(server.connectString()), "large", 50, Duration.ZERO)) {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<Integer>> users = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        users.add(threads.submit(user(large)));
      }
      for (Future<Integer> user : users) {
        assertThat(user.get()).isZero();
      }
      threads.shutdown();
      await()
          .untilAsserted(
              () ->
                  assertThat(server.count("pg_stat_activity where application_name = 'large'"))
                      .isLessThanOrEqualTo(6));
    }
  }

  /** Returns the number of answers to other statements. */
  private static Callable<Integer> user(Database database) {
    return () -> {
      int foreign = 0;
      for (int i = 0; i < 100; i++) {
        try (Connection db = database.open()) {
          int marker = ThreadLocalRandom.current().nextInt();
          foreign += answer(db, marker) == marker ? 0 : 1;
          if (i % 5 == 0) {
            CopyOutput copy = CopyOutput.start(db, LONG_COPY);
            copy.next();
            copy.close();
          }
        }
      }
      return foreign;
    };
  }

  private static int answer(Connection db, int question) throws SQLException {
    return Sql.one(db, "select ?::int", row -> row.getInt(1), question);
  }

  private static long pid(Connection db) throws SQLException {
    return Sql.one(db, "select pg_backend_pid()", row -> row.getLong(1));
  }
}

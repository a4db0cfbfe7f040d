package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PoolSizeIT {
  private static final String OPEN =
      "select count(*) from pg_catalog.pg_stat_activity where application_name = 'pool size'";

  private TestDatabase server;

  @BeforeEach
  void create() {
    server = Servers.newest().createDatabase();
  }

  @AfterEach
  void drop() {
    server.close();
  }

  private Database pool(int size) {
    return Database.pooled(
        ConnectionString.parse(server.connectString()), "pool size", size, Duration.ZERO);
  }

  private long open() throws SQLException {
    try (Connection db = server.connect()) {
      return Sql.one(db, OPEN, row -> row.getLong(1));
    }
  }

  @Test
  void a_pool_that_has_grown_opens_more_connections() throws SQLException {
    try (Database pool = pool(1);
        Connection first = pool.open()) {
      pool.resize(3);
      try (Connection second = pool.open();
          Connection third = pool.open()) {
        assertThat(open()).isEqualTo(3);
        assertThat(first).isNotEqualTo(second).isNotEqualTo(third);
      }
    }
  }

  @Test
  void a_pool_that_has_shrunk_closes_what_comes_back() throws SQLException {
    try (Database pool = pool(3)) {
      Connection first = pool.open();
      Connection second = pool.open();
      pool.resize(1);
      assertThat(first.isValid(1) && second.isValid(1)).as("those in use stay").isTrue();
      first.close();
      second.close();
      await().until(() -> open() == 0);
      try (Connection again = pool.open()) {
        assertThat(again.isValid(1)).isTrue();
        assertThat(open()).isEqualTo(1);
      }
    }
  }

  @Test
  void a_lost_server_is_reported_although_an_idle_connection_is_left() throws SQLException {
    try (Database pool = pool(2)) {
      pool.open().close();
      server.lose();
      // HikariCP does not test a connection that was used less than 5 s ago.
      await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
      assertThatThrownBy(pool::open).hasMessageContaining("is not currently accepting connections");
    } finally {
      server.bringBack();
    }
  }

  @Test
  void commands_connect_every_time_whatever_the_size() throws SQLException {
    try (Database direct =
        Database.direct(ConnectionString.parse(server.connectString()), "pool size")) {
      direct.resize(1);
      try (Connection first = direct.open();
          Connection second = direct.open()) {
        assertThat(first).isNotEqualTo(second);
        assertThat(open()).isEqualTo(2);
      }
    }
  }
}

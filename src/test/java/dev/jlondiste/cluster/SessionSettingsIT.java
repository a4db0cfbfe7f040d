package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions begin alike, whatever the role and the database say. */
class SessionSettingsIT {
  private static final String ROLE = "set_in_its_ways";

  private @Nullable TestDatabase created;
  private final TimeZone zone = TimeZone.getDefault();

  private void databaseOn(String major) {
    created = Servers.shared(major).createDatabaseOwnedBy(ROLE);
  }

  @AfterEach
  void close() throws SQLException {
    TimeZone.setDefault(zone);
    if (created != null) {
      asSuperuser("alter role " + ROLE + " reset all");
      created.close();
    }
  }

  private TestDatabase database() {
    return Objects.requireNonNull(created);
  }

  /** In a database without settings. */
  private void asSuperuser(String sql) throws SQLException {
    try (Connection db = DriverManager.getConnection(database().server().jdbcUrl("postgres"));
        Statement statement = db.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection open(String more) throws SQLException {
    return Database.direct(ConnectionString.parse(database().connectString() + " " + more), "job")
        .open();
  }

  private String shown(String setting, String more) throws SQLException {
    try (Connection db = open(more)) {
      return shown(db, setting);
    }
  }

  private static String shown(Connection db, String setting) throws SQLException {
    return Sql.one(db, "show " + setting, row -> row.getString(1));
  }

  @ParameterizedTest
  @CsvSource({"9.6, Europe/Kyiv", "18, Made/Up", "13, GMT+03:00"})
  void the_zone_of_the_host_is_not_sent(String major, String host) throws SQLException {
    databaseOn(major);
    TimeZone strange = TimeZone.getTimeZone("UTC");
    strange.setID(host);
    TimeZone.setDefault(strange);
    assertThat(shown("timezone", "")).isEqualTo("UTC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void no_timeout_is_too_short(String major) throws SQLException {
    databaseOn(major);
    asSuperuser("alter role " + ROLE + " set statement_timeout = 1");
    asSuperuser("alter role " + ROLE + " set lock_timeout = 1");
    asSuperuser("alter role " + ROLE + " set idle_in_transaction_session_timeout = 1");
    if (major.equals("18")) {
      asSuperuser("alter role " + ROLE + " set idle_session_timeout = 1");
      asSuperuser("alter role " + ROLE + " set transaction_timeout = 1");
    }
    for (int i = 0; i < 10; i++) {
      try (Connection db = open("")) {
        Sql.run(db, "select pg_sleep(0.02)");
        assertThat(shown(db, "statement_timeout")).isEqualTo("0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void a_fence_of_the_role_is_no_standby(String major) throws SQLException {
    databaseOn(major);
    asSuperuser("alter role " + ROLE + " set default_transaction_read_only = on");
    asSuperuser("alter role " + ROLE + " set default_transaction_isolation = serializable");
    for (String more : List.of("", "target_session_attrs=read-write")) {
      try (Connection db = open(more)) {
        Sql.run(db, "create temporary table t (id int)");
        assertThat(shown(db, "transaction_isolation")).isEqualTo("read committed");
      }
    }
  }

  @Test
  void options_of_the_connect_string_win_where_they_do_no_harm() throws SQLException {
    databaseOn("18");
    asSuperuser("alter role " + ROLE + " set statement_timeout = '3s'");
    String options = "options='-c statement_timeout=1min --lc-monetary=POSIX -cdatestyle=German'";
    assertThat(shown("statement_timeout", options)).isEqualTo("1min");
    assertThat(shown("lc_monetary", options)).isEqualTo("POSIX");
    assertThat(shown("datestyle", options)).isEqualTo("ISO, YMD");
    assertThat(shown("work_mem", "options='-c work_mem=7MB'")).isEqualTo("7MB");
    assertThatThrownBy(() -> open("options='-c nosuch=1'"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("unrecognized configuration parameter \"nosuch\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          evil, pg_catalog, public | evil, public
          pg_catalog, evil         | pg_catalog, evil
          evil, "pg_catalog"       | evil
          ''                       | ""
          """)
  void no_schema_hides_built_in_functions(String path, String expected) throws SQLException {
    databaseOn("9.6");
    asSuperuser("alter role " + ROLE + " set search_path = " + (path.isEmpty() ? "''" : path));
    assertThat(shown("search_path", "")).isEqualTo(expected);
  }

  @Test
  void the_role_of_the_session_is_origin_where_the_user_may_set_it() throws SQLException {
    databaseOn("18");
    asSuperuser("alter role " + ROLE + " set session_replication_role = replica");
    assertThat(shown("session_replication_role", "")).isEqualTo("replica");
    asSuperuser("grant set on parameter session_replication_role to " + ROLE);
    assertThat(shown("session_replication_role", "")).isEqualTo("origin");
    asSuperuser("revoke set on parameter session_replication_role from " + ROLE);
  }

  @Test
  void hidden_rows_are_an_error_with_the_cure() throws SQLException {
    databaseOn("18");
    database()
        .execute(
            """
        create table t (id int);
        alter table t enable row level security;
        alter table t force row level security;
        """);
    try (Connection db = open("")) {
      assertThatThrownBy(() -> Sql.list(db, "select * from t", row -> row.getInt(1)))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                UserError explained =
                    SqlExplanation.of(e, ConnectionString.parse(database().connectString()));
                assertThat(explained.problem()).contains("row-level security");
                assertThat(explained.hint()).contains("bypassrls", "no force row level security");
              });
    }
  }
}

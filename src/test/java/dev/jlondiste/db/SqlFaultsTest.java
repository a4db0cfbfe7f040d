package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class SqlFaultsTest {
  private static final ConnectionString TARGET =
      ConnectionString.parse("host=h dbname=d password=secret");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08001", "08006", "08P01", "57P01", "57P02", "57P03", "57014", "40001", "40P01",
        "53100", "53300", "55P03"
      })
  void transient_failures_are_recognized(String state) {
    assertThat(SqlFaults.isTransient(new SQLException("x", state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42P01", "42883", "28P01", "3D000", "22P02", "42501", "XX000"})
  void permanent_failures_are_recognized(String state) {
    assertThat(SqlFaults.isTransient(new SQLException("x", state))).isFalse();
  }

  @Test
  void a_failure_without_sqlstate_is_classified_by_its_cause() {
    assertThat(SqlFaults.isTransient(new SQLTransientConnectionException("pool is empty")))
        .isTrue();
    assertThat(SqlFaults.isTransient(new SQLException("x", new IOException("reset")))).isTrue();
    assertThat(SqlFaults.isTransient(new SQLException("x", new SQLException("y", "40001"))))
        .isTrue();
    assertThat(SqlFaults.isTransient(new SQLException("x"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "28P01, .pgpass",
    "28000, pg_hba.conf",
    "3D000, dbname",
    "53300, max_connections",
    "42501, londiste_writer",
    "25006, target_session_attrs",
    "3F000, create-root",
    "42883, install",
    "42P01, table",
    "08001, is the server running",
    "57P03, try again"
  })
  void common_failures_have_a_hint(String state, String hint) {
    UserError error = SqlFaults.explain(new SQLException("something", state), TARGET);
    assertThat(error.hint()).contains(hint);
    assertThat(error.problem()).contains("something").doesNotContain("secret");
  }

  @Test
  void other_failures_keep_the_servers_message() {
    ServerErrorMessage server =
        new ServerErrorMessage("SERROR\0C23505\0Mduplicate key\0DKey (a)=(1)\0HTry it\0Win f()\0");
    UserError error = SqlFaults.explain(new PSQLException(server), TARGET);
    assertThat(error.problem())
        .isEqualTo(
            "duplicate key\nDETAIL:  Key (a)=(1)\nWHERE:  in f()\n"
                + "DATABASE:  host=h dbname=d password=***");
    assertThat(error.hint()).isEqualTo("Try it");
  }

  @Test
  void a_key_in_the_wrong_format_is_explained() {
    SQLException e = new SQLException("x", "08006", new IOException("not a PKCS-8 key"));
    assertThat(SqlFaults.explain(e, TARGET).hint()).contains("openssl pkcs8");
  }
}

package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class SqlExplanationTest {
  private static final ConnectionString TARGET =
      ConnectionString.parse("host=h dbname=d password=secret");

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
  void says_what_to_do(String state, String hint) {
    UserError error = SqlExplanation.of(new SQLException("something", state), TARGET);
    assertThat(error.hint()).contains(hint);
    assertThat(error.problem()).contains("something").doesNotContain("secret");
  }

  @Test
  void everything_else_is_the_servers_own_words() {
    ServerErrorMessage server =
        new ServerErrorMessage("SERROR\0C23505\0Mduplicate key\0DKey (a)=(1)\0HTry it\0Win f()\0");
    UserError error = SqlExplanation.of(new PSQLException(server), TARGET);
    assertThat(error.problem())
        .isEqualTo(
            "duplicate key\nDETAIL:  Key (a)=(1)\nWHERE:  in f()\n"
                + "DATABASE:  host=h dbname=d password=***");
    assertThat(error.hint()).isEqualTo("Try it");
  }

  @Test
  void a_key_in_the_wrong_format_is_explained() {
    SQLException e = new SQLException("x", "08006", new IOException("not a PKCS-8 key"));
    assertThat(SqlExplanation.of(e, TARGET).hint()).contains("openssl pkcs8");
  }
}

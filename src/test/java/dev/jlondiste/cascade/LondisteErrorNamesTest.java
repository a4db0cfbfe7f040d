package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LondisteErrorNamesTest {
  @ParameterizedTest
  @CsvSource({
    "23505, UniqueViolation",
    "23505, IntegrityError",
    "42P01, ProgrammingError",
    "42P01, UndefinedTable",
    "08006, OperationalError",
    "08006, InterfaceError",
    "57P01, AdminShutdown",
    "57P01, OperationalError",
    "57014, QueryCanceledError",
    "40P01, TransactionRollbackError",
    "P0001, RaiseException",
    "P0001, InternalError",
    "22P02, DataError",
    "99999, DatabaseError",
  })
  void an_sqlstate_has_the_names_of_psycopg(String state, String name) {
    assertThat(LondisteErrorNames.of(new SQLException("x", state))).contains(name);
  }

  @Test
  void other_failures_have_the_name_of_their_class() {
    assertThat(LondisteErrorNames.of(new UserError("x", null))).contains("UsageError", "UserError");
    assertThat(LondisteErrorNames.of(new IllegalStateException("x")))
        .containsExactlyInAnyOrder("Exception", "IllegalStateException");
    assertThat(LondisteErrorNames.of(new SQLTransientException("x", "23505")))
        .contains("SQLTransientException")
        .doesNotContain("OperationalError", "Exception");
  }
}

package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFaultsTest {
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
}

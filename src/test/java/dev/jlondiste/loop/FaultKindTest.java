package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultKindTest {
  @ParameterizedTest
  @CsvSource({
    "40P01, TRANSIENT", // deadlock
    "55P03, TRANSIENT", // lock timeout
    "57014, TRANSIENT", // statement timeout
    "53300, TRANSIENT", // too many connections
    "08006, CONNECTION", // connection lost
    "57P01, CONNECTION", // server is shutting down
    "57P03, CONNECTION", // server is starting up
    "23505, PERMANENT", // duplicate key
    "28P01, PERMANENT", // wrong password
    "42P01, PERMANENT", // no such table
  })
  void the_sqlstate_decides(String state, FaultKind kind) {
    assertThat(FaultKind.of(new SQLException("test", state))).isEqualTo(kind);
    assertThat(kind.mayPass()).isEqualTo(kind != FaultKind.PERMANENT);
  }

  @Test
  void a_broken_socket_without_sqlstate_is_a_lost_connection() {
    assertThat(FaultKind.of(new SQLException("test", new IOException("reset"))))
        .isEqualTo(FaultKind.CONNECTION);
  }

  @Test
  void a_failure_without_a_database_is_permanent() {
    assertThat(FaultKind.of(new IllegalStateException("bug"))).isEqualTo(FaultKind.PERMANENT);
    assertThat(FaultKind.of(new UserError("wrong", null))).isEqualTo(FaultKind.PERMANENT);
  }
}

package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class ConversationTest {
  private static PSQLException server(String severity, String state) {
    return new PSQLException(
        new ServerErrorMessage("S" + severity + "\0C" + state + "\0Mmessage\0\0"));
  }

  private static PSQLException lost() {
    return new PSQLException("I/O error", PSQLState.CONNECTION_FAILURE, new EOFException());
  }

  private static boolean isIntact(SQLException e) {
    return Conversation.isIntact(e);
  }

  @Test
  void an_error_of_the_server_leaves_the_connection_intact() {
    assertThat(isIntact(server("ERROR", "23505"))).isTrue();
    assertThat(isIntact(server("FEHLER", "57014"))).as("cancelled, and answered").isTrue();
  }

  @Test
  void also_when_it_is_wrapped() {
    PSQLException cause = server("ERROR", "23505");
    BatchUpdateException batch =
        new BatchUpdateException("Batch entry 0", "23505", 0, new int[0], cause);
    batch.setNextException(cause);
    assertThat(isIntact(batch)).isTrue();
    assertThat(isIntact(new SQLException("[ev_id=3] message", "23505", batch))).isTrue();
  }

  @Test
  void an_error_that_ends_the_session_does_not() {
    assertThat(isIntact(server("FATAL", "57P01"))).isFalse();
    assertThat(isIntact(server("FATAL", "25P03"))).isFalse();
    assertThat(isIntact(server("FATAL", "08P01"))).isFalse();
  }

  @Test
  void an_error_of_the_driver_does_not() {
    assertThat(isIntact(lost())).isFalse();
    assertThat(isIntact(new SQLException("wrapped", lost()))).isFalse();
    assertThat(isIntact(new PSQLException("No results", PSQLState.NO_DATA))).isFalse();
    assertThat(isIntact(new SQLException("unknown", "57014"))).isFalse();
  }

  @Test
  void an_error_that_was_followed_by_a_loss_does_not() {
    PSQLException error = server("ERROR", "23505");
    error.setNextException(lost());
    assertThat(isIntact(error)).isFalse();
  }
}

package dev.jlondiste.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures are counted in memory while the node's database is unreachable. */
class FailedCopiesTest {
  private static final TableName TABLE = TableName.parse("public.t");
  private static final String AWAY = "host=127.0.0.1 port=1 dbname=away";

  @TempDir private Path directory;
  private FailedCopies failures;

  @BeforeEach
  void create() throws IOException {
    Path ini = directory.resolve("leaf.ini");
    Files.writeString(
        ini, "[londiste3]\nqueue_name = q\nexception_sleep = 20\ndb = " + AWAY + "\n");
    NodeSettings settings = NodeSettings.read(ini, Map.of(), List.of("londiste3")).settings();
    failures =
        new FailedCopies(
            () -> settings,
            Database.direct(ConnectionString.parse(AWAY), "test"),
            Clock.systemUTC());
  }

  private void assertPausesUpTo(Exception failure, List<Long> seconds) {
    for (int i = 0; i < seconds.size(); i++) {
      FailedAttempt attempt = failures.failed(TABLE, failure, db -> true).orElseThrow().attempt();
      assertThat(attempt.number()).isEqualTo(i + 1);
      assertThat(attempt.pause().toMillis()).isBetween(seconds.get(i) * 800, seconds.get(i) * 1000);
    }
  }

  @Test
  void a_transient_failure_is_retried_within_exception_sleep() {
    assertPausesUpTo(
        new SQLException("deadlock detected", "40P01"), List.of(1L, 2L, 4L, 8L, 16L, 20L, 20L));
  }

  @Test
  void a_lasting_failure_is_retried_at_increasing_intervals() {
    assertPausesUpTo(
        new SQLException("no such column", "42703"),
        List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L));
  }

  @Test
  void a_failure_is_shown_with_its_hint() {
    assertThat(FailedCopies.text(new UserError("out of memory", "use -Xmx1g")))
        .isEqualTo("out of memory\nHINT:  use -Xmx1g");
    assertThat(FailedCopies.kind(new UserError("wrong", null))).isEqualTo(FaultKind.PERMANENT);
  }
}

package dev.jlondiste.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir private Path directory;
  private Path file = Path.of("pid");

  @BeforeEach
  void nameFile() {
    file = directory.resolve("leaf1.pid");
  }

  private static long deadPid() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  @Test
  void the_file_has_the_pid_as_digits_and_is_removed_at_the_end() throws IOException {
    try (PidFile pidFile = PidFile.at(file)) {
      assertThat(pidFile.claim()).isEqualTo(PidFile.Claim.TAKEN);
      assertThat(file).hasContent(String.valueOf(ProcessHandle.current().pid()));
      assertThat(pidFile.livePid()).hasValue(ProcessHandle.current().pid());
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_running_process_keeps_the_file() throws IOException, InterruptedException {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Files.writeString(file, other.pid() + "\n");
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      assertThat(PidFile.at(file).claim(new PrintStream(said, true, StandardCharsets.UTF_8)))
          .isFalse();
      assertThat(said.toString(StandardCharsets.UTF_8).strip())
          .isEqualTo("Pidfile exists, another process running?");
      PidFile.at(file).close();
      assertThat(file).exists();
    } finally {
      other.destroy();
      other.waitFor();
    }
  }

  @Test
  void a_dead_process_does_not_keep_the_file() throws IOException, InterruptedException {
    Files.writeString(file, deadPid() + "\n");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PidFile pidFile = PidFile.at(file)) {
      assertThat(pidFile.livePid()).isEmpty();
      assertThat(pidFile.claim(new PrintStream(said, true, StandardCharsets.UTF_8))).isTrue();
    }
    assertThat(said.toString(StandardCharsets.UTF_8).strip()).isEqualTo("Ignoring stale pidfile");
  }

  @Test
  void our_own_pid_in_an_old_file_is_stale() throws IOException {
    Files.writeString(file, String.valueOf(ProcessHandle.current().pid()));
    try (PidFile pidFile = PidFile.at(file)) {
      assertThat(pidFile.claim()).isEqualTo(PidFile.Claim.TAKEN_FROM_DEAD);
    }
  }

  @Test
  void a_file_without_a_pid_is_stale() throws IOException {
    Files.createFile(file);
    try (PidFile pidFile = PidFile.at(file)) {
      assertThat(pidFile.claim()).isEqualTo(PidFile.Claim.TAKEN_FROM_DEAD);
    }
  }

  @Test
  void the_file_of_a_successor_is_not_removed() throws IOException {
    try (PidFile pidFile = PidFile.at(file)) {
      pidFile.claim();
      Files.writeString(file, "1");
    }
    assertThat(file).hasContent("1");
  }

  @Test
  void commands_lock_beside_the_daemon() {
    try (PidFile daemon = PidFile.at(file);
        PidFile admin = PidFile.forLock(file, "admin")) {
      assertThat(daemon.claim()).isEqualTo(PidFile.Claim.TAKEN);
      assertThat(admin.claim()).isEqualTo(PidFile.Claim.TAKEN);
      assertThat(directory.resolve("leaf1.pid.admin")).exists();
    }
  }

  @Test
  void a_missing_directory_is_named() {
    PidFile pidFile = PidFile.at(directory.resolve("nowhere/leaf1.pid"));
    assertThatThrownBy(pidFile::claim)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("nowhere/leaf1.pid");
  }

  /** Threads represent processes: the lock excludes both, and a claim of this pid is not stale. */
  @Test
  void only_one_of_many_starters_claims_the_file() throws Exception {
    ExecutorService starters = Executors.newFixedThreadPool(8);
    try (PidFile shared = PidFile.at(file)) {
      List<Callable<PidFile.Claim>> claims =
          Stream.generate(() -> claimOf(shared)).limit(8).toList();
      assertThat(starters.invokeAll(claims))
          .extracting(result -> result.get())
          .containsOnlyOnce(PidFile.Claim.TAKEN)
          .doesNotContain(PidFile.Claim.TAKEN_FROM_DEAD);
    } finally {
      starters.shutdown();
    }
  }

  private static Callable<PidFile.Claim> claimOf(PidFile pidFile) {
    return pidFile::claim;
  }
}

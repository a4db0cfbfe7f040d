package dev.jlondiste.admin.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.servers.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that a command has paused is resumed by it, unless the command was killed. */
class PausedWorkerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private TestNode root;
  private Cascade cascade;

  @BeforeEach
  void a_root_with_a_worker() {
    root = new TestNode("root", Servers.newest().createDatabase(), directory);
    root.createRoot();
    cascade = new Cascade(root.settings(), Set.of());
  }

  @AfterEach
  void close() {
    cascade.close();
    root.close();
  }

  private boolean isPaused() {
    return "t".equals(root.database().value("select paused from pgq_node.local_state"));
  }

  private WorkerControl worker() throws Exception {
    return new WorkerControl(
        cascade, new WorkerLookup(cascade).find(Optional.of("root"), Optional.empty()));
  }

  @Test
  void is_resumed_whatever_happens_in_between() throws Exception {
    assertThatThrownBy(
            () -> {
              try (PausedWorker paused = PausedWorker.pause(worker())) {
                assertThat(isPaused()).isTrue();
                Thread.currentThread().interrupt();
                paused.awaitConfirmation(); // the worker does not run, so it does not confirm
              }
            })
        .isInstanceOf(InterruptedException.class);
    assertThat(isPaused()).isFalse();
  }

  @Test
  void an_interrupt_that_was_not_noticed_stays_for_the_caller() throws Exception {
    try (PausedWorker paused = PausedWorker.pause(worker())) {
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(isPaused()).isFalse();
  }

  @Test
  void a_pause_that_another_command_ends_is_not_waited_for() throws Exception {
    try (PausedWorker paused = PausedWorker.pause(worker())) {
      root.database().execute("select pgq_node.set_consumer_paused('testq', 'root', false)");
      assertThatThrownBy(paused::awaitConfirmation)
          .isInstanceOf(UserError.class)
          .hasMessage("worker root was resumed by another command meanwhile");
    }
  }

  @Test
  void a_worker_that_the_node_does_not_know_is_refused() throws Exception {
    WorkerControl unknown = new WorkerControl(cascade, new WorkerId("root", "nosuch"));
    assertThatThrownBy(() -> PausedWorker.pause(unknown))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("[root]", "nosuch");
    assertThatThrownBy(unknown::state)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("[root]", "nosuch");
  }

  @Test
  void ctrl_c_resumes_it_and_after_kill_9_the_operator_does() throws Exception {
    root.start();
    Process command = command();
    try {
      await().atMost(PATIENCE).until(this::isPaused);
      command.destroy();
      assertThat(command.waitFor()).isEqualTo(143); // SIGTERM's own
      assertThat(isPaused()).isFalse();
      command = command();
      await().atMost(PATIENCE).until(this::isPaused);
    } finally {
      command.destroyForcibly().onExit().join();
    }
    assertThat(isPaused()).isTrue();
    root.command("resume");
    assertThat(isPaused()).isFalse();
  }

  private Process command() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            PausedWorkerMain.class.getName(),
            root.ini().toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("out").toFile()))
        .start();
  }
}

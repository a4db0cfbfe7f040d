package dev.jlondiste.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalsTest {
  @TempDir private Path directory;

  /** Uses SIGHUP only, because the test runner handles the other signals. */
  @Test
  void a_sent_signal_is_received() throws InterruptedException {
    List<DaemonSignal> heard = new CopyOnWriteArrayList<>();
    try (PidFile pidFile = PidFile.at(directory.resolve("pid"))) {
      pidFile.claim();
      Signals.listen(heard::add);
      assertThat(SignalSender.send(DaemonSignal.RELOAD, pidFile))
          .isEqualTo(SignalSender.Result.SENT);
      await().until(() -> heard.contains(DaemonSignal.RELOAD));
    }
  }

  @Test
  void a_missing_process_is_reported() throws IOException, InterruptedException {
    Path file = directory.resolve("pid");
    assertThat(SignalSender.send(DaemonSignal.FINISH, PidFile.at(file)))
        .isEqualTo(SignalSender.Result.NO_PIDFILE);
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(file, String.valueOf(gone.pid()));
    assertThat(SignalSender.send(DaemonSignal.FINISH, PidFile.at(file)))
        .isEqualTo(SignalSender.Result.NOT_RUNNING);
  }
}

package dev.jlondiste.admin.takeover.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookSwitchTest {
  private static final RootChange CHANGE =
      new RootChange(
          "q",
          "old",
          ConnectionString.parse("host=a dbname=d password=secret"),
          "new",
          ConnectionString.parse("postgresql://u:secret@b/d"));

  @TempDir private Path directory;

  private static ClientSwitch hooks(String onClosed, String onOpen, String onReopen) {
    return new ClientOptions(
            Optional.of(onClosed),
            Optional.of(onOpen),
            Optional.of(onReopen),
            List.of(),
            List.of(),
            Optional.empty())
        .switchFor(CHANGE);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(1));
  }

  @Test
  void commands_know_both_nodes_but_no_passwords() throws Exception {
    Path out = directory.resolve("out");
    ClientSwitch hooks = hooks("env | grep ^JLONDISTE_ | sort > '" + out + "'", "true", "true");
    hooks.hold(soon());
    assertThat(out).doesNotExist();
    hooks.closed(soon());
    assertThat(out)
        .hasContent(
            """
            JLONDISTE_NEW_LOCATION=user='u' host='b' dbname='d'
            JLONDISTE_NEW_NODE=new
            JLONDISTE_OLD_LOCATION=host='a' dbname='d'
            JLONDISTE_OLD_NODE=old
            JLONDISTE_QUEUE=q
            """);
  }

  @Test
  void each_command_runs_at_its_time() throws Exception {
    Path out = directory.resolve("out");
    ClientSwitch hooks =
        hooks("echo closed >> " + out, "echo open >> " + out, "echo reopen >> " + out);
    hooks.closed(soon());
    assertThat(hooks.opened()).isEmpty();
    assertThat(hooks.reopened()).isEmpty();
    assertThat(out).hasContent("closed\nopen\nreopen");
  }

  @Test
  void a_failure_names_the_exit_status() throws Exception {
    ClientSwitch hooks = hooks("echo why; exit 7", "exit 8", "exit 9");
    assertThatThrownBy(() -> hooks.closed(soon()))
        .isInstanceOf(UserError.class)
        .hasMessage("command of --on-closed failed with exit status 7: echo why; exit 7");
    assertThat(hooks.opened().toString())
        .contains("command of --on-open failed with exit status 8");
    assertThat(hooks.reopened().toString()).contains("--on-reopen failed with exit status 9");
  }

  @Test
  void a_command_that_hangs_is_killed_with_its_children() throws IOException {
    Path pid = directory.resolve("pid");
    ClientSwitch hooks =
        hooks("sh -c 'sh -c \"echo \\$\\$ > " + pid + "; sleep 1000; :\"; :'; :", "", "");
    assertThatThrownBy(() -> hooks.closed(Deadline.in(Duration.ofSeconds(1))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("ms and was killed");
    long child = Long.parseLong(Files.readString(pid).strip());
    await().until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void a_process_in_the_background_delays_nothing() throws Exception {
    Path pid = directory.resolve("pid");
    hooks("sleep 1000 & echo $! > " + pid, "", "").closed(soon());
    long child = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(child).map(ProcessHandle::destroyForcibly)).contains(true);
  }
}

package dev.jlondiste.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path directory;

  @Test
  void is_rotated_at_its_size_and_keeps_the_given_number() throws IOException {
    try (LogFile file = new LogFile(path("x.log"), 10, 2)) {
      for (String line : new String[] {"line 1\n", "line 2\n", "line 3\n", "line 4\n"}) {
        file.append(line);
      }
    }
    assertThat(path("x.log")).hasContent("line 4");
    assertThat(path("x.log.1")).hasContent("line 3");
    assertThat(path("x.log.2")).hasContent("line 2");
    assertThat(path("x.log.3")).doesNotExist();
  }

  @Test
  void is_never_rotated_without_a_size() throws IOException {
    try (LogFile file = new LogFile(path("x.log"), 0, 0)) {
      file.append("line 1\n");
      file.append("line 2\n");
    }
    assertThat(path("x.log")).hasContent("line 1\nline 2");
  }

  @Test
  void appends_to_an_existing_file() throws IOException {
    Files.writeString(path("x.log"), "before\n");
    try (LogFile file = new LogFile(path("x.log"), 1000, 1)) {
      file.append("after\n");
    }
    assertThat(path("x.log")).hasContent("before\nafter");
  }

  @Test
  void follows_its_name_when_the_file_is_moved_away() throws IOException {
    try (LogFile file = new LogFile(path("x.log"), 0, 0)) {
      file.append("old\n");
      Files.move(path("x.log"), path("moved"));
      file.append("new\n");
    }
    assertThat(path("moved")).hasContent("old");
    assertThat(path("x.log")).hasContent("new");
  }

  @Test
  void two_processes_share_it_across_rotation() throws IOException {
    try (LogFile worker = new LogFile(path("x.log"), 20, 3);
        LogFile command = new LogFile(path("x.log"), 20, 3)) {
      worker.append("worker 1\n");
      command.append("command 1\n");
      command.append("command 2\n");
      worker.append("worker 2\n");
    }
    assertThat(path("x.log.1")).hasContent("worker 1\ncommand 1");
    assertThat(path("x.log")).hasContent("command 2\nworker 2");
  }

  @Test
  void a_file_that_cannot_be_opened_is_a_user_error() {
    assertThatThrownBy(() -> new LogFile(path("no/x.log"), 0, 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("could not open log file")
        .hasMessageContaining("no such file or directory");
  }

  private Path path(String name) {
    return directory.resolve(name);
  }
}

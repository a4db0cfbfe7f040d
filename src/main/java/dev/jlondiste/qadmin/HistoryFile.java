package dev.jlondiste.qadmin;

import dev.jlondiste.config.Environment;
import java.nio.file.Path;

/** Where typed lines are kept from one session to the next. */
final class HistoryFile {
  private HistoryFile() {}

  /** In {@code XDG_STATE_HOME}, or in the state directory below the home directory. */
  static Path of(Environment environment) {
    String state = environment.variables().getOrDefault("XDG_STATE_HOME", "");
    Path directory =
        Path.of(state).isAbsolute() ? Path.of(state) : environment.home().resolve(".local/state");
    return directory.resolve("jlondiste").resolve("qadmin_history");
  }
}

package dev.jlondiste.cli;

import dev.jlondiste.admin.CopyGuard;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One command on a node. The implementing class carries picocli's {@code @Command} with name and
 * description, and its own {@code @Option} and {@code @Parameters} fields; options that all
 * commands share are not repeated there (see {@link CommonOptions}).
 */
public interface NodeCommand {
  /** Returns one of {@link ExitCode}; throws UserError for a problem that the operator can fix. */
  int run(NodeSession session) throws SQLException, InterruptedException;

  /**
   * Commands with the same suffix exclude each other per ini file, by locking {@code
   * PIDFILE.SUFFIX}; empty for commands that only read or wait.
   */
  default Optional<String> lock() {
    return Optional.of("admin");
  }

  /**
   * Called before {@link #run}: on a copy of the node's database, a command that changes something
   * of the cascade must not run; others warn.
   */
  default void checkCopy(CopyGuard guard) throws SQLException {
    if (lock().isPresent()) {
      guard.refuse();
    } else {
      guard.warn();
    }
  }
}

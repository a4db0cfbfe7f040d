package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.Restores;
import dev.jlondiste.replica.PendingRestore;
import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "fkeys",
    description = "print foreign keys and indexes that wait to be restored after a copy")
final class ForeignKeysCommand implements NodeCommand {
  @Option(
      names = "--restore",
      description = "restore them now; exit code 1 if one is still missing")
  private boolean restore;

  @Override
  public int run(NodeSession session) throws SQLException {
    Restores restores = new Restores(session.cascade().local());
    if (restore) {
      return restores.restore().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
    restores.pending().forEach(object -> print(object, session));
    return ExitCode.DONE;
  }

  private static void print(PendingRestore object, NodeSession session) {
    if (object.problem().isPresent() || object.waitsFor().isPresent()) {
      session.out().println("-- " + object.title() + ": " + object.reason());
    }
    session.out().println(object.sql() + ";");
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

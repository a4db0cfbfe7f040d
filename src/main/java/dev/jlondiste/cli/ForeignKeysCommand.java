package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.NodeCheck;
import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "fkeys", description = "print foreign keys that wait to be restored")
final class ForeignKeysCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    new NodeCheck(session.cascade())
        .pendingForeignKeys()
        .forEach(key -> session.out().println(key.definition() + ";"));
    return ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.RemoveObjects;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "remove-table", description = "stop replicating tables to this node")
final class RemoveTableCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();

  @Override
  public int run(NodeSession session) throws SQLException {
    new RemoveObjects(session.cascade()).tables(words.choice(false));
    return ExitCode.DONE;
  }
}

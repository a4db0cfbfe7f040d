package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.RemoveObjects;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "remove-seq", description = "stop replicating sequences to this node")
final class RemoveSequenceCommand implements NodeCommand {
  @Mixin private ObjectNouns words = new ObjectNouns();

  @Override
  public int run(NodeSession session) throws SQLException {
    new RemoveObjects(session.cascade()).sequences(words.choice(false));
    return ExitCode.DONE;
  }
}

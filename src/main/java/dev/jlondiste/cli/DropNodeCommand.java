package dev.jlondiste.cli;

import dev.jlondiste.admin.NodeRemoval;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "drop-node", description = "take a node out of the cascade; its data stay")
final class DropNodeCommand implements NodeCommand {
  @Parameters(paramLabel = "node_name", description = "the node, dead or alive, or this one")
  private String node = "";

  @Override
  public int run(NodeSession session) throws SQLException {
    new NodeRemoval(session.cascade()).drop(node);
    return ExitCode.DONE;
  }
}

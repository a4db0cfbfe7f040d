package dev.jlondiste.cli;

import dev.jlondiste.admin.topology.NodeRename;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rename-node", description = "give a node another name, on all nodes")
final class RenameNodeCommand implements NodeCommand {
  @Parameters(index = "0", paramLabel = "OLD", description = "the node; may be this one")
  private String old = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "its new name")
  private String renamed = "";

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    new NodeRename(session.cascade(), old, renamed).rename();
    return ExitCode.DONE;
  }
}

package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.tables.NodeRestores;
import dev.jlondiste.admin.topology.NodeRemoval;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "drop-node", description = "remove a node from the cascade; its data stay")
final class DropNodeCommand implements NodeCommand {
  @Parameters(paramLabel = "node_name", description = "the node, dead or alive, or this one")
  private String node = "";

  @Option(
      names = "--worker",
      paramLabel = "NAME",
      description = "consumer name of its worker, to complete a drop that left consumers behind")
  private @Nullable String worker;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    if (session.cascade().findMember(node).isPresent()) {
      new NodeInventory(session.cascade()).warnOfGaps(node);
    }
    NodeRestores restores = NodeRestores.of(session.cascade(), node);
    new NodeRemoval(session.cascade()).drop(node, Optional.ofNullable(worker));
    restores.finish();
    return ExitCode.DONE;
  }
}

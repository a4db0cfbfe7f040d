package dev.jlondiste.cli;

import dev.jlondiste.admin.topology.NodeConversion;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "convert-node",
    description = "convert a leaf into a branch, or back, while it replicates",
    footer = {
      "",
      "A branch can have subscribers and take over from the root. Its worker pauses for a moment,"
          + " applications do not. --to=leaf is possible while nothing reads from the node."
          + " The same command completes an interrupted one."
    })
final class ConvertNodeCommand implements NodeCommand {
  @Option(names = "--to", paramLabel = "TYPE", description = "branch or leaf")
  private @Nullable String to;

  @Parameters(
      arity = "0..1",
      paramLabel = "NODE",
      description = "the node to convert; default: this one")
  private @Nullable String node;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    NodeType type = to == null ? NodeType.ROOT : NodeType.parse(to);
    String name = node == null ? session.cascade().node().name() : node;
    NodeConversion conversion = new NodeConversion(session.cascade());
    List<TableName> left =
        switch (type) {
          case BRANCH -> conversion.toBranch(name);
          case LEAF -> conversion.toLeaf(name);
          case ROOT ->
              throw new UserError(
                  "Please give --to=branch or --to=leaf", "a branch becomes the root by: takeover");
        };
    return left.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }
}

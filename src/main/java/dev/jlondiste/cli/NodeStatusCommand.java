package dev.jlondiste.cli;

import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeStatus;
import dev.jlondiste.admin.status.StatusService;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "node-status",
    description = "show the status of the local node, without connecting to others")
final class NodeStatusCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    NodeStatus node = StatusService.localStatus(session.cascade());
    List<String> subscribers = node.report().map(NodeReport::subscribers).orElse(List.of());
    session.out().println(StatusFields.title(node));
    session.out().println("    Provider: " + node.provider().orElse("--"));
    session.out().println("    Subscribers: " + String.join(", ", subscribers));
    StatusFields.of(node).forEach(field -> session.out().println("    " + field.text()));
    return ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

package dev.jlondiste.cli;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.config.ConnectionString;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "node-info", description = "show type, location and provider of the local node")
final class NodeInfoCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    Cascade cascade = session.cascade();
    NodeInfo node = cascade.node();
    Optional<NodeLocation> member = cascade.findMember(node.name());
    PrintStream out = session.out();
    out.println("Node: " + node.name() + "  Type: " + node.type() + "  Queue: " + cascade.queue());
    out.println("Status: " + status(node, member.map(NodeLocation::dead).orElse(false)));
    out.println("Provider: " + (node.isRoot() ? "--" : node.provider().orElse("")));
    out.println("Connect strings:");
    out.println("  Local   : " + session.settings().db().masked());
    out.println("  Public  : " + shown(member.map(NodeLocation::location)));
    if (!node.isRoot()) {
      out.println("  Provider: " + shown(node.providerLocation()));
    }
    node.combinedQueue().ifPresent(queue -> out.println(combined(queue, node)));
    return ExitCode.DONE;
  }

  private static String status(NodeInfo node, boolean dead) {
    List<String> words = new ArrayList<>();
    if (dead) {
      words.add("DEAD");
    }
    if (node.paused()) {
      words.add("PAUSED");
    }
    if (!node.uptodate()) {
      words.add("NON-UP-TO-DATE");
    }
    return words.isEmpty() ? "OK" : String.join(", ", words);
  }

  private static String shown(Optional<String> location) {
    return location.map(ConnectionString::mask).orElse("");
  }

  private static String combined(String queue, NodeInfo node) {
    String type = node.combinedType().map(Object::toString).orElse("unknown");
    return "Combined Queue: " + queue + "  (node type: " + type + ")";
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

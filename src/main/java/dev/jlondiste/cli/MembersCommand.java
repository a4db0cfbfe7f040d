package dev.jlondiste.cli;

import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.config.ConnectionString;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "members",
    aliases = {"show-nodes", "show-members"},
    description = "list all nodes of the cascade")
final class MembersCommand implements NodeCommand {
  @Override
  public int run(NodeSession session) throws SQLException {
    NodeInfo node = session.cascade().node();
    TablePrinter.print(
        session.out(),
        "Member info on " + node.name() + "@" + session.cascade().queue() + ":",
        List.of("node_name", "dead", "node_location"),
        session.cascade().members().stream()
            .map(
                member ->
                    List.of(
                        member.node(),
                        member.dead() ? "True" : "False",
                        ConnectionString.parse(member.location()).masked()))
            .toList());
    return ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

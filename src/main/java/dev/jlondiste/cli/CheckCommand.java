package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.NodeCheck;
import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.tables.NodeInventory.Part;
import dev.jlondiste.admin.topology.SharedWorkers;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

@Command(
    name = "check",
    description =
        "list what is not replicated as it should be; exit code 3 if the list is not empty",
    footer = {
      "",
      "Checks this node: differences in how its tables and those of its provider are built; tables"
          + " that were renamed, replaced or dropped; triggers. Checks the root: also tables and"
          + " sequences that are not replicated. inventory_ignore in the ini file lists exceptions."
    })
final class CheckCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(CheckCommand.class);

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    String node = session.cascade().node().name();
    List<NodeCheck.Finding> differences = new NodeCheck(session.cascade()).differences();
    differences.forEach(finding -> log.warn("{}: {}", finding.table(), finding.text()));
    List<String> shared = SharedWorkers.in(session.cascade());
    shared.forEach(text -> log.warn("{}", text));
    NodeInventory inventory = new NodeInventory(session.cascade());
    boolean clean = differences.isEmpty() && shared.isEmpty();
    clean &= report(inventory.here(), "");
    Optional<Part> root = inventory.root(node);
    if (root.isPresent()) {
      clean &= report(inventory.notAdded(node), "");
      clean &= report(root.get(), "[" + root.get().node() + "] ");
    }
    return clean ? ExitCode.DONE : ExitCode.DIFFERENT;
  }

  /** Logs the findings; returns true if there are none. */
  private static boolean report(Part part, String prefix) {
    part.findings().forEach(finding -> log.warn("{}{}", prefix, finding.text()));
    return part.findings().isEmpty();
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

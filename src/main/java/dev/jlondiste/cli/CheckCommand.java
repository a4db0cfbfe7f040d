package dev.jlondiste.cli;

import dev.jlondiste.admin.readiness.CutOverChecks;
import dev.jlondiste.admin.readiness.ReadinessFinding;
import dev.jlondiste.admin.readiness.ReadinessOptions;
import dev.jlondiste.admin.tables.NodeCheck;
import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.tables.NodeInventory.Part;
import dev.jlondiste.admin.tables.SkippedTables;
import dev.jlondiste.admin.topology.SharedWorkers;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.TableFault;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "check",
    description =
        "list what is not replicated as it should be; exit code 3 if the list is not empty",
    footer = {
      "",
      "Checks this node: differences in how its tables and those of its provider are built; tables"
          + " that were renamed, replaced or dropped; triggers; tables that have skipped events."
          + " Checks the root: also tables and"
          + " sequences that are not replicated. inventory_ignore in the ini file lists exceptions.",
      "",
      "With --cut-over: prints what is in the way of a takeover of the root by this node, then"
          + " 'Cut-over: yes' or 'Cut-over: no'; exit code 3 if no."
    })
final class CheckCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(CheckCommand.class);

  @Option(names = "--cut-over", description = "check whether this node can become the root now")
  private boolean cutOver;

  @Option(
      names = "--prepare",
      description = "with --cut-over: refresh materialized views and analyze tables first")
  private boolean prepare;

  @Option(
      names = "--ignore-missing",
      description = "tables and sequences of the root that are in no set do not matter")
  private boolean ignoreMissing;

  @Option(
      names = "--ignore-handlers",
      description = "with --cut-over: handlers that leave out or change rows do not matter")
  private boolean ignoreHandlers;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "with --cut-over: accept this lag, such as 500ms or 1min; default: 10s",
      converter = TimeSpan.class)
  private @Nullable Duration maxLag;

  @Option(names = "--json", description = "with --cut-over: print JSON, for programs")
  private boolean json;

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    if (cutOver) {
      return cutOver(session);
    }
    if (prepare || ignoreMissing || ignoreHandlers || maxLag != null || json) {
      throw new UserError(
          "check: --prepare, --ignore-missing, --ignore-handlers, --max-lag and --json need --cut-over",
          null);
    }
    return inventory(session);
  }

  private int cutOver(NodeSession session) throws SQLException {
    ReadinessOptions options =
        new ReadinessOptions(
            ignoreMissing,
            ignoreHandlers,
            true,
            maxLag == null ? ReadinessOptions.DEFAULT_MAX_LAG : maxLag,
            true,
            ReadinessOptions.DEFAULT_LONG_TRANSACTION_AGE);
    List<ReadinessFinding> findings = new CutOverChecks(session.cascade(), options).check(prepare);
    session.out().println(json ? CutOverVerdict.json(findings) : CutOverVerdict.text(findings));
    return CutOverVerdict.isYes(findings) ? ExitCode.DONE : ExitCode.NOT_READY;
  }

  private static int inventory(NodeSession session) throws SQLException, InterruptedException {
    String node = session.cascade().node().name();
    List<NodeCheck.Finding> differences = new NodeCheck(session.cascade()).differences();
    differences.forEach(finding -> log.warn("{}: {}", finding.table(), finding.text()));
    List<String> shared = SharedWorkers.in(session.cascade());
    shared.forEach(text -> log.warn("{}", text));
    List<TableFault> skipped = new SkippedTables(session.cascade()).marks();
    skipped.forEach(mark -> log.warn("{}: {}", mark.table(), mark.describe()));
    NodeInventory inventory = new NodeInventory(session.cascade());
    boolean clean = differences.isEmpty() && shared.isEmpty() && skipped.isEmpty();
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

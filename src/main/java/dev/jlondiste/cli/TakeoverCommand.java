package dev.jlondiste.cli;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.BranchTakeover;
import dev.jlondiste.admin.takeover.DeadRootTakeover;
import dev.jlondiste.admin.takeover.Takeover;
import dev.jlondiste.admin.takeover.TakeoverOptions;
import dev.jlondiste.admin.takeover.TakeoverOptions.LongTransactions;
import dev.jlondiste.admin.takeover.TakeoverResult;
import dev.jlondiste.admin.takeover.Tolerance;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

@Command(
    name = "takeover",
    description = "give the place of another node to this one, such as that of the root",
    footer = {
      "",
      "The old root is closed, its last tick is applied here, and this node opens. Writers of the"
          + " old root wait a moment and are then refused. If the pause would be longer than"
          + " --max-pause, the old root is open again and the exit code is 4. Interrupted at any"
          + " point, the same command continues, and --undo opens the old root again."
    })
final class TakeoverCommand implements NodeCommand {
  @Parameters(paramLabel = "old_node_name", description = "the node whose place is taken")
  private String oldNode = "";

  @Option(
      names = {"--target", "--node"},
      paramLabel = "NODE",
      description = "the node that takes over; default: this one")
  private @Nullable String target;

  @Option(
      names = "--all",
      description = "move the other subscribers of the old node to the new one, too")
  private boolean all;

  @Option(
      names = "--dead-root",
      description = "the old node was the root and is lost; it is not connected to")
  private boolean deadRoot;

  @Option(
      names = "--dead-branch",
      description = "the old node was a branch and is lost; it is not connected to")
  private boolean deadBranch;

  @Option(
      names = "--max-pause",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "how long writers may wait or be refused, such as 500ms or 2s; default: 2s")
  private Duration maxPause = Duration.ofSeconds(2);

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "how many attempts follow one that was not in time; default: 3")
  private int retries = 3;

  @Option(
      names = "--retry-pause",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "time between two attempts, in which the old root is open; default: 10s")
  private Duration retryPause = Duration.ofSeconds(10);

  @Option(
      names = "--long-transactions",
      paramLabel = "wait|refuse|cancel",
      description =
          "what to do about transactions that have written events and do not end: wait for them,"
              + " give up, or cancel them; default: wait")
  private LongTransactions longTransactions = LongTransactions.WAIT;

  @Option(
      names = "--ignore-missing",
      description =
          "take over although tables or sequences of the old root are in no set; with --dead-root"
              + " also although this node lacks tables or has skipped events")
  private boolean ignoreMissing;

  @Option(
      names = "--ignore-handlers",
      description = "take over although handlers leave out or change rows on one of both nodes")
  private boolean ignoreHandlers;

  @Option(names = "--undo", description = "open the old root again after an interrupted takeover")
  private boolean undo;

  @Mixin private ClientSwitchOptions applications = new ClientSwitchOptions();

  @Spec private @Nullable CommandSpec spec;

  /** Options that concern the pause of a live root. */
  private static final List<String> PAUSE =
      List.of(
          "--max-pause",
          "--retries",
          "--retry-pause",
          "--long-transactions",
          "--undo",
          "--fence",
          "--on-closed",
          "--on-reopen");

  /** Other options that have a meaning only where a root is taken over. */
  private static final List<String> OF_ROOTS =
      List.of(
          "--ignore-missing",
          "--ignore-handlers",
          "--on-open",
          "--pgbouncer",
          "--pgbouncer-database",
          "--pgbouncer-ini");

  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    Cascade cascade = session.cascade();
    String next = target == null ? cascade.node().name() : target;
    if (deadRoot && deadBranch) {
      throw new UsageError("--dead-root and --dead-branch exclude each other");
    }
    if (deadRoot) {
      refuse("a root that is lost", PAUSE);
      new DeadRootTakeover(cascade, oldNode, next, applications.clients())
          .run(new Tolerance(ignoreMissing, ignoreHandlers));
      return ExitCode.DONE;
    }
    if (deadBranch) {
      refuse("a branch", PAUSE);
      refuse("a branch", OF_ROOTS);
      new BranchTakeover(cascade, oldNode, next).dead();
      return ExitCode.DONE;
    }
    if (!undo && BranchTakeover.isFor(cascade, oldNode, next)) {
      refuse("a branch", PAUSE);
      refuse("a branch", OF_ROOTS);
      new BranchTakeover(cascade, oldNode, next).live(all);
      return ExitCode.DONE;
    }
    Takeover takeover =
        undo
            ? Takeover.ofInterrupted(cascade, oldNode, Optional.ofNullable(target), next)
            : new Takeover(cascade, oldNode, next);
    TakeoverOptions options =
        new TakeoverOptions(
            maxPause,
            retries,
            retryPause,
            longTransactions,
            all,
            ignoreMissing,
            ignoreHandlers,
            applications.fencesDatabase());
    if (undo) {
      takeover.undo(options, applications.clients());
      return ExitCode.DONE;
    }
    return takeover.run(options, applications.clients()) == TakeoverResult.DONE
        ? ExitCode.DONE
        : ExitCode.OVER_BUDGET;
  }

  /** An option that has no effect would deceive the operator. */
  private void refuse(String what, List<String> options) {
    ParseResult given = Objects.requireNonNull(spec).commandLine().getParseResult();
    options.stream()
        .filter(given::hasMatchedOption)
        .findFirst()
        .ifPresent(
            option -> {
              throw new UsageError(option + " does not apply to the takeover of " + what);
            });
  }
}

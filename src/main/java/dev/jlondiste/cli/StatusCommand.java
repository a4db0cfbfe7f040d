package dev.jlondiste.cli;

import dev.jlondiste.admin.status.StatusProblems;
import dev.jlondiste.admin.status.StatusService;
import dev.jlondiste.admin.status.StatusTree;
import dev.jlondiste.admin.topology.SharedWorkers;
import dev.jlondiste.fault.UserError;
import java.io.PrintStream;
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
    name = "status",
    description = "show the tree of nodes and the status of each",
    footer = {
      "",
      "With --check, for probes: logs a line for each node that cannot be reached, is dead, paused,"
          + " fails, lags or is closed, and for each table that fails; exit code 3 if there is one."
    })
final class StatusCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(StatusCommand.class);

  @Option(names = "--compact", description = "one line per node")
  private boolean compact;

  @Option(names = "--json", description = "print JSON, for programs")
  private boolean json;

  @Option(names = "--check", description = "exit with 3 if there are problems")
  private boolean check;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "with --check: a larger lag is a problem; such as 30s or 5min",
      converter = TimeSpan.class)
  private @Nullable Duration maxLag;

  /** Returns success even if nodes cannot be reached, unless --check is given. */
  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    if (maxLag != null && !check) {
      throw new UserError("status: --max-lag needs --check", null);
    }
    StatusTree tree = StatusService.status(session.cascade());
    SharedWorkers.in(tree).forEach(text -> log.warn("{}", text));
    if (json) {
      session.out().println(StatusJson.of(tree));
    } else {
      StatusText.lines(tree, compact, isTerminal(session.out())).forEach(session.out()::println);
    }
    return check ? problems(tree) : ExitCode.DONE;
  }

  private int problems(StatusTree tree) {
    List<String> problems = StatusProblems.of(tree, Optional.ofNullable(maxLag));
    problems.forEach(text -> log.error("{}", text));
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
  }

  /**
   * The launcher checks whether standard output is a terminal and sets the property.
   * System.console() does not fit, because it also checks standard input.
   */
  private static boolean isTerminal(PrintStream out) {
    return out == System.out
        && Boolean.getBoolean("jlondiste.terminal")
        && System.getenv("NO_COLOR") == null;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

package dev.jlondiste.cli;

import dev.jlondiste.admin.status.StatusService;
import dev.jlondiste.admin.status.StatusTree;
import dev.jlondiste.admin.topology.SharedWorkers;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "show the tree of nodes and the status of each")
final class StatusCommand implements NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(StatusCommand.class);

  @Option(names = "--compact", description = "one line per node")
  private boolean compact;

  @Option(names = "--json", description = "print JSON, for programs")
  private boolean json;

  /** Returns success even if nodes cannot be reached: status reports them. */
  @Override
  public int run(NodeSession session) throws SQLException, InterruptedException {
    StatusTree tree = StatusService.status(session.cascade());
    SharedWorkers.in(tree).forEach(text -> log.warn("{}", text));
    if (json) {
      session.out().println(StatusJson.of(tree));
    } else {
      StatusText.lines(tree, compact, isTerminal(session.out())).forEach(session.out()::println);
    }
    return ExitCode.DONE;
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

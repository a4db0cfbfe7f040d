package dev.jlondiste.cli;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show-handlers", description = "list table handlers, or describe those named")
final class ShowHandlersCommand implements NodeCommand {
  private static final String NAME = "londiste";
  private static final String SUMMARY =
      "Default Londiste handler, inserts events into tables with plain SQL.";
  private static final String ARGUMENTS =
      """
      Arguments:
        ignore_truncate=0|1   1: a truncated table keeps its rows here (default 0)
      """;

  @Parameters(arity = "0..*", paramLabel = "handler_name")
  private List<String> names = new ArrayList<>();

  @Override
  public int run(NodeSession session) {
    for (String name : names) {
      if (!name.equals(NAME)) {
        throw new UserError(
            "unknown handler '" + name + "'", "there is only '" + NAME + "' so far");
      }
    }
    session.out().println(NAME + " - " + SUMMARY);
    if (!names.isEmpty()) {
      session.out().print("\n" + ARGUMENTS);
    }
    return ExitCode.DONE;
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

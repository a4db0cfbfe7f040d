package dev.jlondiste.cli;

import dev.jlondiste.replica.handler.HandlerArgument;
import dev.jlondiste.replica.handler.HandlerDescription;
import dev.jlondiste.replica.handler.TableHandlerFactory;
import dev.jlondiste.replica.handler.TableHandlers;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show-handlers", description = "list table handlers, or describe those named")
final class ShowHandlersCommand implements NodeCommand {
  @Parameters(arity = "0..*", paramLabel = "handler_name")
  private List<String> names = new ArrayList<>();

  @Override
  public int run(NodeSession session) {
    if (names.isEmpty()) {
      TableHandlers.all().forEach(handler -> printLine(handler.description(), session.out()));
      return ExitCode.DONE;
    }
    List<HandlerDescription> chosen =
        names.stream().map(TableHandlers::named).map(TableHandlerFactory::description).toList();
    for (int i = 0; i < chosen.size(); i++) {
      if (i > 0) {
        session.out().println();
      }
      print(chosen.get(i), session.out());
    }
    return ExitCode.DONE;
  }

  private static void printLine(HandlerDescription handler, PrintStream out) {
    out.println(handler.name() + " - " + handler.summary());
  }

  private static void print(HandlerDescription handler, PrintStream out) {
    printLine(handler, out);
    out.println();
    out.println(handler.text());
    if (!handler.aliases().isEmpty()) {
      out.println();
      out.println("Older name: " + String.join(", ", handler.aliases()));
    }
    if (!handler.arguments().isEmpty()) {
      out.println();
      out.println("Arguments:");
      int width =
          handler.arguments().stream().mapToInt(a -> a.usage().length()).max().orElse(0) + 2;
      handler.arguments().forEach(argument -> print(argument, width, out));
    }
  }

  private static void print(HandlerArgument argument, int width, PrintStream out) {
    List<String> notes = new ArrayList<>();
    if (argument.required()) {
      notes.add("required");
    }
    argument.defaultValue().ifPresent(value -> notes.add("default " + value));
    if (!argument.aliases().isEmpty()) {
      notes.add("older name: " + String.join(", ", argument.aliases()));
    }
    out.println(
        ("  %-" + width + "s%s%s")
            .formatted(
                argument.usage(),
                argument.text(),
                notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")"));
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}

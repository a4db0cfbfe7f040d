package dev.jlondiste.cli;

import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** The usage text, generated from the list of commands. */
final class HelpText {
  private static final int NAME_WIDTH = 22;

  private HelpText() {}

  static String usage(String program) {
    return "Usage: " + program + " [options] INI CMD [subcmd args]";
  }

  static void printAll(String program, Commands commands, PrintStream out) {
    out.println(usage(program));
    for (CommandGroup group : CommandGroup.values()) {
      List<CommandEntry> entries = commands.in(group);
      if (!entries.isEmpty()) {
        out.println();
        out.println(group.heading() + ":");
        entries.forEach(entry -> printCommand(entry.spec(), out));
      }
    }
    out.println();
    out.println("Options:");
    out.print(optionList(new CommonOptions()));
    out.println();
    out.println("Options of a command: " + program + " COMMAND --help");
  }

  private static void printCommand(CommandSpec spec, PrintStream out) {
    String description = String.join(" ", spec.usageMessage().description());
    String indent = "  " + spec.name() + " ".repeat(Math.max(1, NAME_WIDTH - spec.name().length()));
    out.println(indent + description);
  }

  static void printOne(String program, NodeCommand command, PrintStream out) {
    CommandLine line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage()
        .customSynopsis("Usage: " + program + " [options] INI " + spec.name() + arguments(spec));
    spec.usageMessage().synopsisHeading("");
    line.usage(out, Help.Ansi.OFF);
    out.println("Options of all commands: " + program + " --help");
  }

  private static String arguments(CommandSpec spec) {
    StringBuilder text = new StringBuilder();
    spec.positionalParameters()
        .forEach(
            p -> {
              boolean list = p.arity().max() == Integer.MAX_VALUE;
              String label = p.paramLabel() + (list ? " ..." : "");
              boolean optional = p.arity().min() == 0;
              text.append(' ')
                  .append(
                      p.paramLabel().startsWith("[")
                          ? p.paramLabel()
                          : optional ? "[" + label + "]" : label);
            });
    return text.toString();
  }

  private static String optionList(Object options) {
    return new CommandLine(options).getHelp().optionList();
  }
}

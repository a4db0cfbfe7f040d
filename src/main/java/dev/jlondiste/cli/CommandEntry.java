package dev.jlondiste.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command and its place in the help text. */
record CommandEntry(CommandGroup group, Supplier<? extends NodeCommand> make) {
  /** What picocli reads off the command's class. */
  CommandSpec spec() {
    return CommandSpec.forAnnotatedObject(make.get());
  }

  boolean isCalled(CommandSpec spec, String name) {
    return spec.name().equals(name) || List.of(spec.aliases()).contains(name);
  }

  /** Says which arguments a command takes when it got others; empty when all is well. */
  static String complaint(CommandSpec spec, int given) {
    List<PositionalParamSpec> parameters = spec.positionalParameters();
    int least = parameters.stream().mapToInt(p -> p.arity().min()).sum();
    boolean endless = parameters.stream().anyMatch(p -> p.arity().max() == Integer.MAX_VALUE);
    int most = parameters.stream().mapToInt(p -> p.arity().max()).sum();
    if (given >= least && (endless || given <= most)) {
      return "";
    }
    String count = endless ? "at least " + least : least == most ? "" + least : least + "-" + most;
    String labels =
        parameters.isEmpty()
            ? ""
            : ": " + String.join(" ", parameters.stream().map(p -> p.paramLabel()).toList());
    return "command '" + spec.name() + "' got " + given + " args, but expects " + count + labels;
  }
}

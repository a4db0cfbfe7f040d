package dev.jlondiste.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command and its place in the help text. */
record CommandEntry(CommandGroup group, Supplier<? extends NodeCommand> make) {
  /** The picocli annotations of the command's class. */
  CommandSpec spec() {
    return CommandSpec.forAnnotatedObject(make.get());
  }

  boolean isCalled(CommandSpec spec, String name) {
    return spec.name().equals(name) || List.of(spec.aliases()).contains(name);
  }

  /**
   * Describes which number of arguments a command takes if {@code given} is not allowed; empty if
   * it is.
   */
  static String wrongArgumentCount(CommandSpec spec, int given) {
    List<PositionalParamSpec> parameters = spec.positionalParameters();
    int min = parameters.stream().mapToInt(p -> p.arity().min()).sum();
    boolean isUnlimited = parameters.stream().anyMatch(p -> p.arity().max() == Integer.MAX_VALUE);
    int max = parameters.stream().mapToInt(p -> p.arity().max()).sum();
    if (given >= min && (isUnlimited || given <= max)) {
      return "";
    }
    String count = isUnlimited ? "at least " + min : min == max ? "" + min : min + "-" + max;
    String labels =
        parameters.isEmpty()
            ? ""
            : ": " + String.join(" ", parameters.stream().map(p -> p.paramLabel()).toList());
    return "command '" + spec.name() + "' got " + given + " args, but expects " + count + labels;
  }
}

package dev.jlondiste.cli;

import dev.jlondiste.config.Spelling;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Checks options that the command does not have. Londiste accepts each of its options with any
 * command, and scripts rely on that: those are ignored and logged. An option that Londiste does not
 * have, or refuses itself, is an error.
 */
final class OptionCheck {
  /** All options of Londiste, except those common to its commands. */
  private static final Set<String> OF_LONDISTE =
      Set.of(
          "--all",
          "--apply",
          "--compact",
          "--copy-node",
          "--count-only",
          "--create",
          "--create-full",
          "--dead-branch",
          "--dead-root",
          "--dest-table",
          "--expect-sync",
          "--find-copy-node",
          "--force",
          "--handler",
          "--handler-arg",
          "--max-parallel-copy",
          "--merge",
          "--merge-all",
          "--names-only",
          "--no-merge",
          "--no-triggers",
          "--nocheck",
          "--provider",
          "--repair-where",
          "--reset",
          "--rewind",
          "--skip-non-existing",
          "--skip-truncate",
          "--sort-bufsize",
          "--sync-watermark",
          "--target",
          "--trigger-arg",
          "--trigger-flags",
          "--wait-sync");

  private final CommandSpec command;
  private final CommandSpec common;

  OptionCheck(NodeCommand command) {
    this.command = CommandSpec.forAnnotatedObject(command);
    this.common = CommandSpec.forAnnotatedObject(new CommonOptions());
  }

  /** Returns the names of the options that have no effect; throws UsageError if one is an error. */
  List<String> ignored(List<Arguments.Given> options) {
    List<String> others =
        options.stream()
            .map(Arguments.Given::name)
            .filter(name -> command.findOption(name) == null && common.findOption(name) == null)
            .distinct()
            .toList();
    for (String name : others) {
      if (!OF_LONDISTE.contains(name)) {
        throw new UsageError(
            "command '" + command.name() + "' has no option " + name + instead(name));
      }
    }
    return others;
  }

  private String instead(String name) {
    Set<String> own = names(command);
    Set<String> all = new TreeSet<>(own);
    all.addAll(names(common));
    Optional<String> near = Spelling.nearest(name.substring(2), all);
    if (near.isPresent()) {
      return "; did you mean --" + near.get() + "?";
    }
    return own.isEmpty()
        ? ""
        : own.stream().collect(Collectors.joining(", --", "; its options are --", ""));
  }

  private static Set<String> names(CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.hidden())
        .map(option -> option.longestName().substring(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

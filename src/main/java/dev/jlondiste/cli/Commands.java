package dev.jlondiste.cli;

import dev.jlondiste.config.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** All commands, and what can be said about them without running one. */
final class Commands {
  private final List<CommandEntry> entries;

  Commands() {
    entries =
        Stream.of(NodeCommands.all(), InformationCommands.all(), ReplicationCommands.all())
            .flatMap(List::stream)
            .toList();
  }

  List<CommandEntry> in(CommandGroup group) {
    return entries.stream().filter(entry -> entry.group() == group).toList();
  }

  Optional<NodeCommand> find(String name) {
    return entries.stream()
        .filter(entry -> entry.isCalled(entry.spec(), name))
        .findFirst()
        .map(entry -> entry.make().get());
  }

  /** Reads a command line against the options of every command. */
  Arguments.Reader reader() {
    List<CommandSpec> specs = new ArrayList<>();
    specs.add(CommandSpec.forAnnotatedObject(new CommonOptions()));
    entries.forEach(entry -> specs.add(entry.spec()));
    return new Arguments.Reader(specs);
  }

  /** The command that was probably meant, when one is near. */
  Optional<String> nearest(String typed) {
    List<String> names =
        entries.stream()
            .flatMap(entry -> Stream.concat(Stream.of(entry.spec().name()), aliases(entry)))
            .toList();
    return Spelling.nearest(typed, names);
  }

  private static Stream<String> aliases(CommandEntry entry) {
    return Stream.of(entry.spec().aliases());
  }
}

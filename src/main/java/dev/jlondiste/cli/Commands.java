package dev.jlondiste.cli;

import dev.jlondiste.config.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** The list of all commands, with lookup by name. */
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

  /** Returns a reader that knows the options of every command. */
  Arguments.Reader reader() {
    List<CommandSpec> specs = new ArrayList<>();
    specs.add(CommandSpec.forAnnotatedObject(new CommonOptions()));
    entries.forEach(entry -> specs.add(entry.spec()));
    return new Arguments.Reader(specs);
  }

  /** The command or alias with the most similar name; empty if none is similar. */
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

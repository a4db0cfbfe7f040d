package dev.jlondiste.cli;

import java.util.ArrayList;
import java.util.Comparator;
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
    return entries.stream()
        .flatMap(entry -> Stream.concat(Stream.of(entry.spec().name()), aliases(entry)))
        .filter(name -> distance(name, typed) <= Math.max(2, name.length() / 4))
        .min(Comparator.comparingInt(name -> distance(name, typed)));
  }

  private static Stream<String> aliases(CommandEntry entry) {
    return Stream.of(entry.spec().aliases());
  }

  /** How many letters have to be put in, left out or changed. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}

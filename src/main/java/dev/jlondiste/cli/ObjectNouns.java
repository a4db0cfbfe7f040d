package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.ObjectChoice;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of commands that act on some or all tables or sequences. */
final class ObjectNouns {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "schema.name; without schema: public; * and ? match any and one character")
  private List<String> words = new ArrayList<>();

  @Option(names = "--all", description = "all that remain to be processed")
  private boolean all;

  ObjectChoice choice(boolean force) {
    return new ObjectChoice(words, all, force);
  }
}

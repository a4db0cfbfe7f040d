package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Why a table may not be the same everywhere although it is replicated. */
public enum Hazard {
  /** Empty after a crash of its server. */
  UNLOGGED,
  /** Filled and changed by an extension, on each server by itself. */
  EXTENSION,
  /** Texts that one database can hold and the other cannot. */
  ENCODING,
  /** Keys that the two databases sort, or compare, differently. */
  COLLATION;

  /** As an operator writes them, each word a list. */
  public static Set<Hazard> parse(List<String> words) {
    Set<Hazard> hazards = EnumSet.noneOf(Hazard.class);
    for (String word : words) {
      for (String name : word.split(",", -1)) {
        hazards.add(parse(name.strip()));
      }
    }
    return hazards;
  }

  private static Hazard parse(String name) {
    return Arrays.stream(values())
        .filter(hazard -> hazard.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "--allow: unknown word '" + name + "'",
                    Arrays.stream(values())
                        .map(Hazard::toString)
                        .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

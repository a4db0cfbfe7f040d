package dev.jlondiste.admin.tables;

import dev.jlondiste.fault.UserError;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A reason why a table may differ between nodes although it is replicated. */
public enum Hazard {
  /** Unlogged: empty after a crash of its server. */
  UNLOGGED,
  /** Filled and changed by an extension, on each server independently. */
  EXTENSION,
  /** The encodings differ: some texts can be stored in one database only. */
  ENCODING,
  /** The collations differ: the two databases sort or compare keys differently. */
  COLLATION;

  /** Parses the values of {@code --allow}; each value is a comma-separated list. */
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

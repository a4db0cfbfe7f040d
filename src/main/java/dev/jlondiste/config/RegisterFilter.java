package dev.jlondiste.config;

import java.util.List;

/**
 * Selects the tables or sequences that can be registered on a node, by full name.
 *
 * @param only if not empty, only these
 * @param skip excludes these; applied after {@code only}
 */
public record RegisterFilter(List<String> only, List<String> skip) {
  /** Allows all objects. */
  public static final RegisterFilter ALL = new RegisterFilter(List.of(), List.of());

  public boolean accepts(String fullName) {
    return (only.isEmpty() || only.contains(fullName)) && !skip.contains(fullName);
  }
}

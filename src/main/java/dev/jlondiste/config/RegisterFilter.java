package dev.jlondiste.config;

import java.util.List;

/**
 * Which tables or sequences are ever registered on a node, by full name.
 *
 * @param only when not empty, just these
 * @param skip never these; applied after {@code only}
 */
public record RegisterFilter(List<String> only, List<String> skip) {
  /** Lets everything pass. */
  public static final RegisterFilter ALL = new RegisterFilter(List.of(), List.of());

  public boolean accepts(String fullName) {
    return (only.isEmpty() || only.contains(fullName)) && !skip.contains(fullName);
  }
}

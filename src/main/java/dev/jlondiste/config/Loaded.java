package dev.jlondiste.config;

import java.util.List;

/** Settings, and what an operator should know about the file they come from. */
public record Loaded<T>(T settings, List<String> warnings) {
  public Loaded {
    warnings = List.copyOf(warnings);
  }
}

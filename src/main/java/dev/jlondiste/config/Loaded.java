package dev.jlondiste.config;

import java.util.List;

/**
 * Settings, and what an operator should know about the file they come from.
 *
 * @param notes what need not be told with every command; for the daemon's log, once
 */
public record Loaded<T>(T settings, List<String> warnings, List<String> notes) {
  public Loaded {
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
  }

  Loaded(T settings, List<String> warnings) {
    this(settings, warnings, List.of());
  }
}

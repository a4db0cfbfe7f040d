package dev.jlondiste.config;

import java.util.List;

/**
 * Settings and the messages about their file.
 *
 * @param notes messages that only the daemon logs, once
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

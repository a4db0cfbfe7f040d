package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sections and raw values of one file, with their positions. */
final class IniFile {
  static final String DEFAULTS = "DEFAULT";

  private final String path;
  private final Map<String, Map<String, Entry>> sections = new LinkedHashMap<>();

  /** A value, and {@code FILE:LINE} of its key. */
  private record Entry(String value, String place) {}

  IniFile(String path) {
    this.path = path;
    addSection(DEFAULTS);
  }

  /** The path as given on the command line. */
  String path() {
    return path;
  }

  boolean has(String section) {
    return sections.containsKey(section);
  }

  /** All sections except the defaults, in the order of the file. */
  List<String> sections() {
    return sections.keySet().stream().filter(name -> !name.equals(DEFAULTS)).toList();
  }

  void addSection(String section) {
    sections.putIfAbsent(section, new LinkedHashMap<>());
  }

  boolean holds(String section, String key) {
    return entries(section).containsKey(key);
  }

  /** Adds a key to an existing section. */
  void put(String section, String key, String value, String place) {
    entries(section).put(key, new Entry(value, place));
  }

  /** The raw value, from the section or else from the defaults. */
  Optional<String> raw(String section, String key) {
    return find(section, key).map(Entry::value);
  }

  /** The keys of the section itself. */
  Set<String> keys(String section) {
    return Set.copyOf(entries(section).keySet());
  }

  /** {@code FILE:LINE} of a key; only the file if the key is in no file. */
  String place(String section, String key) {
    return find(section, key).map(Entry::place).orElse(path);
  }

  private Optional<Entry> find(String section, String key) {
    return Optional.ofNullable(entries(section).get(key))
        .or(() -> Optional.ofNullable(entries(DEFAULTS).get(key)));
  }

  private Map<String, Entry> entries(String section) {
    return sections.getOrDefault(section, Map.of());
  }

  /** The first of the accepted sections that exists. */
  String mainSection(List<String> accepted) {
    return accepted.stream()
        .filter(this::has)
        .findFirst()
        .orElseThrow(
            () -> {
              String names =
                  String.join(" or ", accepted.stream().map(name -> "[" + name + "]").toList());
              return new UserError(
                  "no section " + names + " in config file " + path,
                  "sections there are: "
                      + (sections().isEmpty() ? "none" : String.join(", ", sections())));
            });
  }
}

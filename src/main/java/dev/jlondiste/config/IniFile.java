package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ini4j.Config;
import org.ini4j.Ini;

/**
 * The sections and raw values of one file, and where each stands. ini4j stores them; reading is
 * {@link IniLines}'s, because the files at hand follow other rules than ini4j about comments,
 * continued lines, backslashes and doubles.
 */
final class IniFile {
  static final String DEFAULTS = "DEFAULT";

  private final String path;
  private final Ini ini = new Ini();
  private final Map<String, String> places = new HashMap<>();

  IniFile(String path) {
    this.path = path;
    Config plain = new Config();
    plain.setTree(false);
    plain.setEscape(false);
    ini.setConfig(plain);
    ini.add(DEFAULTS);
  }

  /** As given on the command line. */
  String path() {
    return path;
  }

  boolean has(String section) {
    return ini.containsKey(section);
  }

  /** All but the defaults, in the order of the file. */
  List<String> sections() {
    return ini.keySet().stream().filter(name -> !name.equals(DEFAULTS)).toList();
  }

  void addSection(String section) {
    if (!has(section)) {
      ini.add(section);
    }
  }

  boolean holds(String section, String key) {
    return stored(section).containsKey(key);
  }

  void put(String section, String key, String value, String place) {
    stored(section).put(key, value);
    places.put(section + "\n" + key, place);
  }

  /** The value as written, from the section or else from the defaults. */
  Optional<String> raw(String section, String key) {
    return Optional.ofNullable(holds(section, key) ? stored(section).get(key) : null)
        .or(() -> Optional.ofNullable(stored(DEFAULTS).get(key)));
  }

  /** The keys of the section itself. */
  Set<String> keys(String section) {
    return Set.copyOf(stored(section).keySet());
  }

  Map<String, String> defaults() {
    return new LinkedHashMap<>(stored(DEFAULTS));
  }

  private Map<String, String> stored(String section) {
    Map<String, String> stored = ini.get(section);
    return stored == null ? Map.of() : stored;
  }

  /** {@code FILE:LINE} of a key; just the file for what stands in none. */
  String place(String section, String key) {
    String own = places.get(section + "\n" + key);
    return own != null ? own : places.getOrDefault(DEFAULTS + "\n" + key, path);
  }

  /** The first of the accepted sections that is there. */
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

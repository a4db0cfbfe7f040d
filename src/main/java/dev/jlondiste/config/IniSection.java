package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The main section of a file as typed values; {@code --set} overrides the file. */
final class IniSection {
  private final IniFile file;
  private final String name;
  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final BuiltInValues builtIn;
  private final IniDialect dialect;
  private final Substitution substitution;

  IniSection(IniFile file, String name, Map<String, String> overrides, IniDialect dialect) {
    this.file = file;
    this.name = name;
    this.dialect = dialect;
    overrides.forEach(
        (key, value) -> this.overrides.put(key.strip().toLowerCase(Locale.ROOT), value.strip()));
    this.builtIn = new BuiltInValues(Path.of(file.path()), name);
    this.substitution = new Substitution(syntax(), this::raw);
  }

  private Substitution.Syntax syntax() {
    String format = raw(name, "config_format").orElse("1");
    return switch (format) {
      case "1" -> Substitution.Syntax.PERCENT;
      case "2" -> Substitution.Syntax.DOLLAR;
      default -> throw wrong("config_format", format, "1 or 2");
    };
  }

  /** Keys of the section, of the defaults and of {@code --set}. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>(file.keys(name));
    keys.addAll(file.keys(IniFile.DEFAULTS));
    keys.addAll(overrides.keySet());
    return keys;
  }

  /**
   * True for a key of the section itself or of {@code --set}; false for a default, which may be
   * intended for other sections.
   */
  boolean isOwn(String key) {
    return overrides.containsKey(key) || file.holds(name, key);
  }

  String place(String key) {
    return overrides.containsKey(key) ? "--set" : file.place(name, key);
  }

  /** Empty if the key does not exist or has no value. */
  Optional<String> text(String key) {
    return raw(name, key).map(raw -> substituted(key, raw).strip()).filter(v -> !v.isEmpty());
  }

  String text(String key, String defaultValue) {
    return text(key).orElse(defaultValue);
  }

  String required(String key, String hint) {
    return text(key)
        .orElseThrow(
            () ->
                new UserError(
                    "\""
                        + key
                        + "\" not specified in config, section ["
                        + name
                        + "] of "
                        + file.path(),
                    hint));
  }

  int integer(String key, int defaultValue, int min) {
    return Math.toIntExact(number(key, defaultValue, min, Integer.MAX_VALUE, "a whole number"));
  }

  private long number(String key, long defaultValue, long min, long max, String expected) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return defaultValue;
    }
    String range = expected + (min == Integer.MIN_VALUE ? "" : ", at least " + min);
    try {
      long value = Long.parseLong(text.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, text.get(), range);
    }
    throw wrong(key, text.get(), range);
  }

  boolean flag(String key, boolean defaultValue) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return defaultValue;
    }
    return switch (text.get().toLowerCase(Locale.ROOT)) {
      case "1", "yes", "true", "on" -> true;
      case "0", "no", "false", "off" -> false;
      default -> throw wrong(key, text.get(), "1, yes, true, on or 0, no, false, off");
    };
  }

  /** Fractions are allowed. */
  Duration seconds(String key, String defaultValue) {
    return seconds(key, defaultValue, value -> true, "a number of seconds");
  }

  Duration secondsNotNegative(String key, String defaultValue) {
    return seconds(
        key, defaultValue, value -> value.signum() >= 0, "a number of seconds, not negative");
  }

  /** A duration above zero, because a loop without a pause would use a whole processor. */
  Duration period(String key, String defaultValue) {
    return seconds(key, defaultValue, value -> value.signum() > 0, "a number of seconds above 0");
  }

  private Duration seconds(
      String key, String defaultValue, Predicate<BigDecimal> accepted, String expected) {
    String text = text(key, defaultValue);
    try {
      BigDecimal value = new BigDecimal(text);
      if (accepted.test(value) && value.abs().compareTo(BigDecimal.valueOf(1_000_000_000)) <= 0) {
        return Duration.ofNanos(value.movePointRight(9).longValue());
      }
    } catch (NumberFormatException e) {
      throw wrong(key, text, expected);
    }
    throw wrong(key, text, expected);
  }

  /** {@code 100}, {@code 64K}, {@code 10 MB}: bytes, in steps of 1024. */
  long size(String key, long defaultValue) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return defaultValue;
    }
    String upper = text.get().toUpperCase(Locale.ROOT).replaceAll("\\s+", "");
    if (!upper.matches("[0-9]{1,15}(\\.[0-9]+)?[KMGT]?B?")) {
      throw wrong(key, text.get(), "a size such as 500, 64K, 10MB");
    }
    String unit = upper.replaceAll("[0-9.B]", "");
    int power = unit.isEmpty() ? 0 : "KMGT".indexOf(unit) + 1;
    BigDecimal number = new BigDecimal(upper.replaceAll("[A-Z]", ""));
    return number.multiply(BigDecimal.valueOf(1L << (10 * power))).longValue();
  }

  List<String> list(String key) {
    return text(key)
        .map(text -> List.of(text.split(",", -1)).stream().map(String::strip).toList())
        .orElse(List.of());
  }

  /** A path, relative to the current directory; {@code ~} is a home directory. */
  Optional<Path> file(String key) {
    return text(key).map(HomeDirectory::expand).map(Path::of);
  }

  /**
   * Parses a connect string here, so that the message can name the key. The message does not quote
   * the value.
   */
  Optional<ConnectionString> connection(String key) {
    return text(key)
        .map(
            text -> {
              try {
                return ConnectionString.parse(text);
              } catch (UserError e) {
                throw new UserError(
                    "parameter " + key + " (" + place(key) + "): " + e.problem(), e.hint());
              }
            });
  }

  UserError wrong(String key, String value, String expected) {
    return new UserError(
        "invalid value \""
            + value
            + "\" for parameter "
            + key
            + " in configuration ("
            + place(key)
            + ")",
        "expected " + expected);
  }

  private Optional<String> raw(String section, String key) {
    if (section.equals(name) && overrides.containsKey(key)) {
      return Optional.ofNullable(overrides.get(key));
    }
    return file.raw(section, key).or(() -> builtIn.value(key));
  }

  private String substituted(String key, String raw) {
    boolean literal = dialect == IniDialect.TICKER && !substitution.hasReference(name, raw);
    return literal ? raw : substitution.apply(name, key, raw, place(key));
  }
}

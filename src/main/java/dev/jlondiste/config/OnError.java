package dev.jlondiste.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The setting {@code on_error}: what a worker does when the events of one table cannot be applied.
 */
public enum OnError {
  /** Stops at the failing batch and repeats it until the cause is removed. */
  STOP,
  /** Skips the table until it is copied again, and continues with the other tables. */
  SET_ASIDE;

  static Optional<OnError> parse(String text) {
    return Arrays.stream(values()).filter(value -> value.iniName().equals(text)).findFirst();
  }

  public String iniName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

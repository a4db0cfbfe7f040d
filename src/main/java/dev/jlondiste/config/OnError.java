package dev.jlondiste.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a worker does when the events of one table cannot be applied: {@code on_error}. */
public enum OnError {
  /** Stops at the failing batch, and repeats it until its cause is gone. */
  STOP,
  /** Leaves the table out until it is copied again, and goes on with the others. */
  SET_ASIDE;

  static Optional<OnError> parse(String text) {
    return Arrays.stream(values()).filter(value -> value.iniName().equals(text)).findFirst();
  }

  public String iniName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

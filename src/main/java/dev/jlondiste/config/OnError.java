package dev.jlondiste.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The setting {@code on_error}, of a node or of one of its tables: what a worker does when an event
 * of a table cannot be applied.
 */
public enum OnError {
  /** Stops at the failing batch and repeats it until the cause is removed. */
  STOP,
  /** Skips the table until it is copied again, and continues with the other tables. */
  SET_ASIDE,
  /** Discards the event, marks the table and continues. */
  SKIP_EVENT,
  /** Keeps the event in {@code londiste.dead_letter}, marks the table and continues. */
  DEAD_LETTER;

  /** All values, for messages. */
  public static final String CHOICE = "stop, set-aside, skip-event or dead-letter";

  /** Returns the value of that name; empty if there is no such value. */
  public static Optional<OnError> parse(String text) {
    return Arrays.stream(values()).filter(value -> value.iniName().equals(text)).findFirst();
  }

  public String iniName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** True if the worker skips single events. */
  public boolean skipsEvents() {
    return this == SKIP_EVENT || this == DEAD_LETTER;
  }
}

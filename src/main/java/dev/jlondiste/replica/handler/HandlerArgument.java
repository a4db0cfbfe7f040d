package dev.jlondiste.replica.handler;

import java.util.List;
import java.util.Optional;

/**
 * Describes an argument of a handler. {@code add-table} checks values by it, {@code show-handlers}
 * prints it.
 *
 * @param aliases older names, which are accepted as well
 * @param values the allowed values; empty if the type alone decides
 * @param text what it does, in one line
 */
public record HandlerArgument(
    String name,
    List<String> aliases,
    Type type,
    List<String> values,
    Optional<String> defaultValue,
    boolean required,
    String text) {
  /** What a value is. */
  public enum Type {
    TEXT,
    /** One of the allowed values. */
    CHOICE,
    COLUMN,
    FUNCTION,
    QUEUE,
    TABLE,
    /** An SQL expression over the columns of a row. */
    EXPRESSION
  }

  public HandlerArgument {
    aliases = List.copyOf(aliases);
    values = List.copyOf(values);
  }

  /** An optional argument that may have any value of the type. */
  public static HandlerArgument of(String name, Type type, String text) {
    return new HandlerArgument(name, List.of(), type, List.of(), Optional.empty(), false, text);
  }

  /** An optional argument with a fixed set of values, the first of which is the default. */
  public static HandlerArgument choice(String name, List<String> values, String text) {
    return new HandlerArgument(
        name, List.of(), Type.CHOICE, values, Optional.of(values.get(0)), false, text);
  }

  /** Returns the same argument with older names. */
  public HandlerArgument withAliases(String... names) {
    return new HandlerArgument(name, List.of(names), type, values, defaultValue, required, text);
  }

  /** Returns the same argument with another default. */
  public HandlerArgument withDefault(String value) {
    return new HandlerArgument(name, aliases, type, values, Optional.of(value), required, text);
  }

  /** Returns the same argument, which must be given. */
  public HandlerArgument asRequired() {
    return new HandlerArgument(name, aliases, type, values, defaultValue, true, text);
  }

  boolean hasName(String given) {
    return name.equals(given) || aliases.contains(given);
  }

  /** The argument with a placeholder for its value: {@code method=0|1|2}. */
  public String usage() {
    return name + "=" + (values.isEmpty() ? type.name() : String.join("|", values));
  }

  /** Why the value is not accepted; empty if it is. */
  Optional<String> problemOf(String value) {
    if (!values.isEmpty() && !values.contains(value)) {
      return Optional.of(
          "handler argument %s is %s, not '%s'"
              .formatted(name, String.join(" or ", values), value));
    }
    return value.isBlank()
        ? Optional.of("handler argument " + name + " has no value")
        : Optional.empty();
  }
}

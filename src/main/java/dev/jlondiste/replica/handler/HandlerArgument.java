package dev.jlondiste.replica.handler;

import java.util.List;
import java.util.Optional;

/**
 * Describes an argument of a handler. {@code add-table} checks values by it, {@code show-handlers}
 * prints it.
 *
 * @param aliases older names, which are accepted as well
 * @param values the allowed values; empty if the type alone decides
 * @param parameters of a function: the SQL types of its parameters; empty if they depend on the
 *     table, and for other types
 * @param text what it does, in one line
 */
public record HandlerArgument(
    String name,
    List<String> aliases,
    Type type,
    List<String> values,
    Optional<String> defaultValue,
    boolean required,
    List<String> parameters,
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
    /** A value of the type of that name in PostgreSQL. */
    INTERVAL,
    /** An SQL expression over the columns of a row. */
    EXPRESSION
  }

  public HandlerArgument {
    aliases = List.copyOf(aliases);
    values = List.copyOf(values);
    parameters = List.copyOf(parameters);
  }

  /** An optional argument that may have any value of the type. */
  public static HandlerArgument of(String name, Type type, String text) {
    return new HandlerArgument(
        name, List.of(), type, List.of(), Optional.empty(), false, List.of(), text);
  }

  /** An optional argument that names a function with these parameters. */
  static HandlerArgument function(String name, List<String> parameters, String text) {
    return new HandlerArgument(
        name, List.of(), Type.FUNCTION, List.of(), Optional.empty(), false, parameters, text);
  }

  /** An optional argument with a fixed set of values, the first of which is the default. */
  public static HandlerArgument choice(String name, List<String> values, String text) {
    return new HandlerArgument(
        name, List.of(), Type.CHOICE, values, Optional.of(values.get(0)), false, List.of(), text);
  }

  /** Returns the same argument with older names. */
  public HandlerArgument withAliases(String... names) {
    return new HandlerArgument(
        name, List.of(names), type, values, defaultValue, required, parameters, text);
  }

  /** Returns the same argument with another default. */
  public HandlerArgument withDefault(String value) {
    return new HandlerArgument(
        name, aliases, type, values, Optional.of(value), required, parameters, text);
  }

  /** Returns the same argument, which must be given. */
  public HandlerArgument asRequired() {
    return new HandlerArgument(name, aliases, type, values, defaultValue, true, parameters, text);
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

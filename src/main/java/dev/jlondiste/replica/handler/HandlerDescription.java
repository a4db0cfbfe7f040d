package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What users have to know about a handler.
 *
 * @param name stored with a table and passed to {@code add-table --handler}
 * @param aliases older names, which are accepted as well
 * @param summary in one line
 * @param text what it does, in one or more lines
 * @param openArguments true if it also accepts arguments that are not described
 */
public record HandlerDescription(
    String name,
    List<String> aliases,
    String summary,
    String text,
    List<HandlerArgument> arguments,
    boolean openArguments) {
  public HandlerDescription {
    aliases = List.copyOf(aliases);
    arguments = List.copyOf(arguments);
  }

  /** Describes a handler without older names, which accepts only the described arguments. */
  public static HandlerDescription of(
      String name, String summary, String text, List<HandlerArgument> arguments) {
    return new HandlerDescription(name, List.of(), summary, text, arguments, false);
  }

  /** Returns the same description with older names. */
  public HandlerDescription withAliases(String... names) {
    return new HandlerDescription(name, List.of(names), summary, text, arguments, openArguments);
  }

  /** The name and the older ones. */
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(name));
    names.addAll(aliases);
    return names;
  }

  private Optional<HandlerArgument> argument(String given) {
    return arguments.stream().filter(argument -> argument.hasName(given)).findFirst();
  }

  /**
   * Checks arguments that are to be stored with a table, each as {@code KEY=VALUE}.
   *
   * @return the arguments as they are to be stored
   * @throws UserError if one is unknown, repeated, missing, or has a value that is not accepted
   */
  public Map<String, String> check(List<String> pairs) {
    Map<String, String> checked = new LinkedHashMap<>();
    Set<String> given = new HashSet<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new UserError("--handler-arg=" + pair + ": expected KEY=VALUE", null);
      }
      String key = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      String name = check(key, value);
      if (!given.add(name)) {
        throw new UserError("handler argument '" + name + "' is given twice", null);
      }
      checked.put(key, value);
    }
    for (HandlerArgument argument : arguments) {
      if (argument.required() && !given.contains(argument.name())) {
        throw new UserError(
            "handler '" + name + "' needs argument " + argument.name(),
            "--handler-arg=" + argument.usage() + ": " + argument.text());
      }
    }
    return checked;
  }

  /** Returns the primary name of the argument. */
  private String check(String key, String value) {
    Optional<HandlerArgument> argument = argument(key);
    if (argument.isEmpty()) {
      if (openArguments) {
        return key;
      }
      throw new UserError("Invalid handler argument: '" + key + "'", usage());
    }
    Optional<String> problem = argument.get().problemOf(value);
    if (problem.isPresent()) {
      throw new UserError(problem.get(), argument.get().text());
    }
    return argument.get().name();
  }

  private String usage() {
    return arguments.isEmpty()
        ? "handler '" + name + "' has no arguments"
        : "handler '%s' knows %s"
            .formatted(
                name,
                arguments.stream().map(HandlerArgument::usage).collect(Collectors.joining(", ")));
  }

  /**
   * The value of an argument among stored ones, by its name or an older one; the default if it is
   * not stored. Null if it has no default either.
   */
  @Nullable String value(Map<String, String> stored, String argument) {
    HandlerArgument described = argument(argument).orElseThrow();
    String value = stored.get(described.name());
    for (String alias : described.aliases()) {
      value = value == null ? stored.get(alias) : value;
    }
    return value == null ? described.defaultValue().orElse(null) : value;
  }
}

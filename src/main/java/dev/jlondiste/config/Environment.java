package dev.jlondiste.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * The environment that supplies defaults for connect strings. It is a parameter so that tests can
 * supply their own.
 */
public record Environment(Map<String, String> variables, Path home, String user) {
  public Environment {
    variables = Map.copyOf(variables);
  }

  /** The environment of this process. */
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(), Path.of(System.getProperty("user.home")), System.getProperty("user.name"));
  }

  /** The variable's value; empty if it is unset. As in libpq, an empty variable counts as unset. */
  String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /** Does not print the variables, which may include PGPASSWORD. */
  @Override
  public String toString() {
    return "Environment of " + user;
  }
}

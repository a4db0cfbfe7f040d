package dev.jlondiste.config;

import java.nio.file.Path;
import java.util.Map;

/** What a connect string's gaps are filled from: handed in, so that tests can make one up. */
public record Environment(Map<String, String> variables, Path home, String user) {
  public Environment {
    variables = Map.copyOf(variables);
  }

  /** The one this process was started in. */
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(), Path.of(System.getProperty("user.home")), System.getProperty("user.name"));
  }

  /** The variable's value; empty when unset, as libpq treats a variable without text. */
  String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /** PGPASSWORD may be among the variables. */
  @Override
  public String toString() {
    return "Environment of " + user;
  }
}

package dev.jlondiste.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connect string with all values from service file, environment, password file and defaults.
 *
 * @param servers servers to try in this order; never empty
 * @param passwords one password for each server
 * @param values all keywords that have a value, including secrets
 * @param warnings warnings for the operator: ignored keywords, unsafe password file
 */
public record ConnectionTarget(
    List<ServerAddress> servers,
    List<Optional<String>> passwords,
    String database,
    String user,
    Map<String, String> values,
    List<String> warnings) {

  /** The keyword's value; empty if it is not set or set to an empty text. */
  public Optional<String> value(String keyword) {
    return Optional.ofNullable(values.get(keyword)).filter(value -> !value.isEmpty());
  }

  /** The description for messages in the format of libpq, without passwords. */
  @Override
  public String toString() {
    String hosts = String.join(",", servers.stream().map(ServerAddress::destination).toList());
    String ports = String.join(",", servers.stream().map(s -> "" + s.port()).toList());
    return "server at \"%s\", port %s, database \"%s\", user \"%s\""
        .formatted(hosts.isEmpty() ? "local socket" : hosts, ports, database, user);
  }
}

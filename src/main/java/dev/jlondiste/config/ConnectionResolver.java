package dev.jlondiste.config;

import dev.jlondiste.fault.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Supplies the missing values of a connect string in libpq's order: service, environment, defaults.
 */
final class ConnectionResolver {
  private static final int DEFAULT_PORT = 5432;

  private final Environment environment;
  private final Map<String, String> values;
  private final List<String> warnings;

  ConnectionResolver(Map<String, String> given, List<String> warnings, Environment environment) {
    this.environment = environment;
    this.values = new LinkedHashMap<>(given);
    this.warnings = new ArrayList<>(warnings);
  }

  ConnectionTarget resolve() {
    fillFromService();
    fillFromEnvironment();
    String user = value("user").orElse(environment.user());
    String database = value("dbname").orElse(user);
    List<ServerAddress> servers = servers();
    return new ConnectionTarget(
        servers,
        passwords(servers, database, user),
        database,
        user,
        Map.copyOf(values),
        List.copyOf(warnings));
  }

  private void fillFromService() {
    String service = value("service").orElse(environment.variable("PGSERVICE"));
    if (!service.isEmpty()) {
      String file = values.getOrDefault("servicefile", "");
      ServiceFile.read(service, file, environment).forEach(values::putIfAbsent);
    }
  }

  private void fillFromEnvironment() {
    ConnectionKeywords.VARIABLES.forEach(
        (variable, keyword) -> {
          if (!environment.variable(variable).isEmpty()) {
            values.putIfAbsent(keyword, environment.variable(variable));
          }
        });
  }

  private List<ServerAddress> servers() {
    List<String> hosts = list("host");
    List<String> addresses = list("hostaddr");
    List<String> ports = list("port");
    int count = Math.max(hosts.size(), addresses.size());
    if (hosts.size() > 1 && addresses.size() > 1 && hosts.size() != addresses.size()) {
      throw mismatch("hostaddr", addresses.size(), count);
    }
    if (ports.size() > 1 && ports.size() != count) {
      throw mismatch("port", ports.size(), count);
    }
    List<ServerAddress> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String host = item(hosts, i);
      if (host.startsWith("@")) {
        throw new UserError(
            "connect string: abstract socket \"" + host + "\" is not supported",
            "use a socket directory or a host name");
      }
      servers.add(new ServerAddress(host, item(addresses, i), port(item(ports, i))));
    }
    return List.copyOf(servers);
  }

  private List<String> list(String keyword) {
    return List.of(values.getOrDefault(keyword, "").split(",", -1)).stream()
        .map(String::strip)
        .toList();
  }

  /** Returns the item of one host; a single item applies to all hosts. */
  private static String item(List<String> items, int index) {
    return items.size() == 1 ? items.get(0) : items.get(index);
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      return DEFAULT_PORT;
    }
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw new UserError(
        "connect string: invalid port number \"" + text + "\"", "a port is a number, 1 to 65535");
  }

  private static UserError mismatch(String keyword, int size, int hosts) {
    return new UserError(
        "connect string: " + size + " values of " + keyword + " for " + hosts + " hosts",
        "give one value for all hosts, or one for each");
  }

  private List<Optional<String>> passwords(
      List<ServerAddress> servers, String database, String user) {
    Optional<String> given = value("password");
    if (given.isPresent()) {
      return servers.stream().map(server -> given).toList();
    }
    Path path = value("passfile").map(Path::of).orElse(environment.home().resolve(".pgpass"));
    PasswordFile file = PasswordFile.read(path, warnings);
    return servers.stream()
        .map(server -> file.password(nameInFile(server), server.port(), database, user))
        .toList();
  }

  /** As in libpq, the password file lists the default socket directory as localhost. */
  private static String nameInFile(ServerAddress server) {
    boolean isDefaultSocket =
        (server.host().isEmpty() && server.address().isEmpty())
            || server.host().equals("/var/run/postgresql")
            || server.host().equals("/tmp");
    return isDefaultSocket
        ? "localhost"
        : server.host().isEmpty() ? server.address() : server.host();
  }

  private Optional<String> value(String keyword) {
    return Optional.ofNullable(values.get(keyword)).filter(value -> !value.isEmpty());
  }
}

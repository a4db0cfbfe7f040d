package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.db.PgBouncerConsole;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands of PgBouncer's admin console. Stateless; the caller owns the console. */
final class PgBouncer {
  private static final int MAX_CLIENTS = 10;

  private PgBouncer() {}

  /** A command for one database. Names in double quotes are accepted by every version. */
  static String command(String command, String database) {
    return command + " \"" + database.replace("\"", "\"\"") + "\"";
  }

  /** The database's row of {@code SHOW DATABASES}; empty if PgBouncer has no entry for it. */
  static Optional<Map<String, String>> find(PgBouncerConsole console, String database)
      throws SQLException {
    return console.show("DATABASES").stream()
        .filter(row -> database.equals(row.get("name")))
        .findFirst();
  }

  static boolean isPaused(PgBouncerConsole console, String database) throws SQLException {
    return find(console, database).filter(row -> "1".equals(row.get("paused"))).isPresent();
  }

  /** Lets a database continue; does nothing if it is not paused. */
  static void resume(PgBouncerConsole console, String database) throws SQLException {
    try {
      console.run(command("RESUME", database));
    } catch (SQLException e) {
      if (isPaused(console, database)) {
        throw e;
      }
    }
  }

  /** The clients that have a server connection of the database, a line each. */
  static List<String> clientsOf(PgBouncerConsole console, String database) throws SQLException {
    List<Map<String, String>> clients = console.show("CLIENTS");
    List<String> lines = new ArrayList<>();
    for (Map<String, String> server : console.show("SERVERS")) {
      String link = server.getOrDefault("link", "");
      if (database.equals(server.get("database")) && !link.isEmpty()) {
        clients.stream()
            .filter(client -> link.equals(client.get("ptr")))
            .map(client -> describe(client, server))
            .forEach(lines::add);
      }
    }
    return lines.size() > MAX_CLIENTS ? lines.subList(0, MAX_CLIENTS) : lines;
  }

  private static String describe(Map<String, String> client, Map<String, String> server) {
    String application = client.getOrDefault("application_name", "");
    return "client %s:%s, user %s%s, server process %s"
        .formatted(
            client.get("addr"),
            client.get("port"),
            client.get("user"),
            application.isEmpty() ? "" : ", application \"" + application + "\"",
            server.get("remote_pid"));
  }

  /** The value of a setting in {@code SHOW CONFIG}. */
  static String setting(PgBouncerConsole console, String key) throws SQLException {
    return console.show("CONFIG").stream()
        .filter(row -> key.equals(row.get("key")))
        .map(row -> row.getOrDefault("value", ""))
        .findFirst()
        .orElse("");
  }

  /** The number of clients that keep a server connection until they disconnect. */
  static long clientsInSessionMode(PgBouncerConsole console, String database) throws SQLException {
    return console.show("POOLS").stream()
        .filter(row -> database.equals(row.get("database")))
        .filter(row -> "session".equals(row.get("pool_mode")))
        .mapToLong(row -> Long.parseLong(row.getOrDefault("cl_active", "0")))
        .sum();
  }
}

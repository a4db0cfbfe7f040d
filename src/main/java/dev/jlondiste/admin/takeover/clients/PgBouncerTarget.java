package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.Environment;
import dev.jlondiste.config.ServerAddress;
import dev.jlondiste.fault.UserError;
import java.util.Map;

/** The server and database that an entry of PgBouncer connects to. */
record PgBouncerTarget(String host, int port, String database) {

  /** Throws UserError if the location has several hosts, or none. */
  static PgBouncerTarget of(ConnectionString location) {
    ConnectionTarget target = location.resolve(Environment.ofProcess());
    ServerAddress server = target.servers().get(0);
    if (target.servers().size() > 1 || server.destination().isEmpty()) {
      throw new UserError(
          "the location does not have exactly one host: " + location,
          "change the entry of PgBouncer by a command instead: --on-open=CMD");
    }
    return new PgBouncerTarget(server.destination(), server.port(), target.database());
  }

  /** True if a row of {@code SHOW DATABASES} has this target. */
  boolean isIn(Map<String, String> row) {
    return host.equals(row.get("host"))
        && Integer.toString(port).equals(row.get("port"))
        && database.equals(row.get("database"));
  }

  static String describe(Map<String, String> row) {
    return "host=%s port=%s dbname=%s"
        .formatted(row.get("host"), row.get("port"), row.get("database"));
  }

  @Override
  public String toString() {
    return "host=%s port=%d dbname=%s".formatted(host, port, database);
  }
}

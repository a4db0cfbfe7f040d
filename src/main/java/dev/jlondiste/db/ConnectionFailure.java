package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.ServerAddress;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Formats connection errors as libpq does, with server, database and user, and never a password.
 */
final class ConnectionFailure {
  private ConnectionFailure() {}

  /**
   * Adds the connection to the message, since the driver's message does not name it. SQLSTATE and
   * cause are kept.
   */
  static SQLException of(ConnectionTarget target, SQLException e) {
    String message = "connection to server " + place(target) + " failed: " + reason(e);
    return new SQLException(message, e.getSQLState(), e.getErrorCode(), e);
  }

  private static String place(ConnectionTarget target) {
    ServerAddress first = target.servers().get(0);
    Optional<String> socket =
        first.isSocket()
            ? DriverProperties.socketPath(first).map(path -> "on socket \"" + path + "\"")
            : Optional.empty();
    List<ServerAddress> servers = target.servers();
    return socket.orElseGet(
            () ->
                "at \"%s\", port %s"
                    .formatted(
                        join(servers.stream().map(ConnectionFailure::host).toList()),
                        join(servers.stream().map(s -> "" + s.port()).toList())))
        + ", database \"%s\", user \"%s\"".formatted(target.database(), target.user());
  }

  private static String host(ServerAddress server) {
    return server.isSocket() ? "localhost" : server.destination();
  }

  private static String join(List<String> items) {
    return String.join(",", items);
  }

  /** The server's message, or the operating system's message for a network error. */
  private static String reason(SQLException e) {
    if (e instanceof PSQLException driver) {
      ServerErrorMessage server = driver.getServerErrorMessage();
      if (server != null) {
        return server.getSeverity() + ": " + server.getMessage();
      }
    }
    Throwable cause = e.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof java.net.UnknownHostException) {
      return "could not translate host name to address";
    }
    String lowest = cause == null ? null : cause.getMessage();
    return cause instanceof java.io.IOException && lowest != null
        ? lowest
        : String.valueOf(e.getMessage());
  }
}

package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of the server means for an operator, and what can be done about it. */
public final class SqlExplanation {
  private SqlExplanation() {}

  /** The failure in an operator's words: what the server says, and what can be done about it. */
  public static UserError of(SQLException e, ConnectionString target) {
    Optional<ServerErrorMessage> server = serverMessage(e);
    String problem = problem(e, server, target);
    String hint = hint(e).or(() -> server.map(ServerErrorMessage::getHint)).orElse("");
    return new UserError(problem, hint.isEmpty() ? null : hint, e);
  }

  /** The server's message alone, for interactive use, where the statement is known. */
  public static UserError quote(SQLException e) {
    Optional<ServerErrorMessage> server = serverMessage(e);
    String text = server.map(SqlExplanation::text).orElseGet(() -> String.valueOf(e.getMessage()));
    String detail =
        server.map(ServerErrorMessage::getDetail).map(given -> "\nDETAIL:  " + given).orElse("");
    return new UserError(text + detail, server.map(ServerErrorMessage::getHint).orElse(null), e);
  }

  /** The character of the statement that the server points at, from 1. */
  public static OptionalInt position(SQLException e) {
    int position = serverMessage(e).map(ServerErrorMessage::getPosition).orElse(0);
    return position > 0 ? OptionalInt.of(position) : OptionalInt.empty();
  }

  private static String problem(
      SQLException e, Optional<ServerErrorMessage> server, ConnectionString target) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("connection to server")) {
      return message;
    }
    StringBuilder problem = new StringBuilder(server.map(SqlExplanation::text).orElse(message));
    server
        .map(ServerErrorMessage::getDetail)
        .ifPresent(d -> problem.append("\nDETAIL:  ").append(d));
    server.map(ServerErrorMessage::getWhere).ifPresent(w -> problem.append("\nWHERE:  ").append(w));
    problem.append("\nDATABASE:  ").append(target.masked());
    return problem.toString();
  }

  private static String text(ServerErrorMessage server) {
    return String.valueOf(server.getMessage());
  }

  private static Optional<String> hint(SQLException e) {
    String state = SqlFaults.state(e);
    String message = String.valueOf(e.getMessage());
    return Optional.ofNullable(
        switch (state) {
          case "28P01", "28000" -> PASSWORD;
          case "08004" -> message.contains("password") ? PASSWORD : TLS;
          case "3D000" -> "create the database, or correct dbname in the connect string";
          case "53300" ->
              "raise max_connections of the server or the limit of the role or database, or stop"
                  + " programs that hold connections";
          case "57P03" -> "the server is starting, stopping or recovering: try again in a moment";
          case "42501" -> isRowSecurity(e) ? ROW_SECURITY : RIGHTS;
          case "25006" ->
              "this server is a standby, or read-only: use the primary, or several hosts with"
                  + " target_session_attrs=read-write";
          case "3F000" ->
              "is this the right database? create-root, create-branch and create-leaf install the"
                  + " schemas";
          case "42883" ->
              "the SQL functions there are missing or older than this program: install them again"
                  + " (psql -f sql/install.sql), that upgrades in place";
          case SessionGuard.STATE ->
              "connect to the server itself, or to a pool in session mode; see configuration.md,"
                  + " 'Connection poolers'";
          case "42P01" -> "is this the right database, and does the table exist on this node?";
          default -> connectionHint(e, state);
        });
  }

  private static final String RIGHTS =
      "a node's db needs a role with pgq_admin and the rights to write its tables"
          + " (londiste_writer), or the owner of both; a provider is read with londiste_reader;"
          + " grant them";

  private static final String ROW_SECURITY =
      "replication needs all rows of a table: 'alter role ROLE bypassrls' (by a superuser); for the"
          + " table's owner also 'alter table TABLE no force row level security'";

  /** Sessions have {@code row_security = off}: an error where rows would be hidden. */
  private static boolean isRowSecurity(SQLException e) {
    return serverMessage(e)
        .map(server -> "check_enable_rls".equals(server.getRoutine()))
        .orElse(false);
  }

  private static final String PASSWORD =
      "check user and password; the file ~/.pgpass (mode 0600) can hold passwords, in lines"
          + " HOST:PORT:DATABASE:USER:PASSWORD; pg_hba.conf of the server controls authentication";

  private static final String TLS =
      "the server refused the connection before authentication: check sslmode in the connect"
          + " string and pg_hba.conf";

  private static @Nullable String connectionHint(SQLException e, String state) {
    if (causes(e).contains("unsupported startup parameter")) {
      return "the pooler refuses this startup parameter: remove 'options' from the connect"
          + " string, or set in pgbouncer.ini: ignore_startup_parameters ="
          + " extra_float_digits,options";
    }
    if (causes(e).contains("PKCS") || causes(e).contains("SSL key")) {
      return "the driver reads sslkey as PKCS-8: openssl pkcs8 -topk8 -nocrypt -in client.key -out"
          + " client.pk8 -outform DER";
    }
    return state.startsWith("08")
        ? "is the server running there, and does it accept connections on this host and port?"
        : null;
  }

  private static String causes(SQLException e) {
    StringBuilder all = new StringBuilder();
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }

  private static Optional<ServerErrorMessage> serverMessage(SQLException e) {
    for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof PSQLException driver) {
        return Optional.ofNullable(driver.getServerErrorMessage());
      }
    }
    return Optional.empty();
  }
}

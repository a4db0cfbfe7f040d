package dev.jlondiste.qadmin;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.Environment;
import dev.jlondiste.db.OperatorSession;
import dev.jlondiste.db.SqlAction;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.fault.UserError;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The current database and the default queue. Connects at first use, and again after the connection
 * is lost. Used by one thread only.
 */
final class QadminSession implements AutoCloseable {
  private static final String APPLICATION = "qadmin";

  private final PrintStream err;
  private ConnectionString target;
  private Optional<String> queue;
  private @Nullable OperatorSession open;

  QadminSession(ConnectionString target, Optional<String> queue, PrintStream err) {
    this.target = target;
    this.queue = queue;
    this.err = err;
  }

  ConnectionString target() {
    return target;
  }

  /** The prompt: the database, and the default queue if there is one. */
  String place() {
    String database = target.resolve(Environment.ofProcess()).database();
    return queue.map(name -> database + "/" + name).orElse(database);
  }

  OperatorSession database() throws SQLException {
    OperatorSession current = open;
    if (current == null || current.connection().isClosed()) {
      current = open(target);
      open = current;
    }
    return current;
  }

  private OperatorSession open(ConnectionString string) throws SQLException {
    OperatorSession session = OperatorSession.open(string, APPLICATION);
    string
        .resolve(Environment.ofProcess())
        .warnings()
        .forEach(warning -> err.println("WARNING:  " + warning));
    return session;
  }

  <T> T call(SqlWork<T> work) throws SQLException {
    return database().call(work);
  }

  /** As {@link #call}, without a result. */
  void run(SqlAction action) throws SQLException {
    database().run(action);
  }

  /**
   * Connects to another database. If {@code check} throws, the session remains unchanged.
   *
   * @param defaultQueue the new default queue, if any
   */
  void moveTo(ConnectionString string, Optional<String> defaultQueue, SqlAction check)
      throws SQLException {
    OperatorSession other = open(string);
    try {
      other.run(check);
    } catch (SQLException | RuntimeException e) {
      other.close();
      throw e;
    }
    close();
    open = other;
    target = string;
    queue = defaultQueue;
  }

  Optional<String> defaultQueue() {
    return queue;
  }

  void useQueue(String name) {
    queue = Optional.of(name);
  }

  /** The queue of a command, or the default queue. */
  String queue(Optional<String> named) {
    return named
        .or(this::defaultQueue)
        .orElseThrow(
            () ->
                new UserError(
                    "No queue specified",
                    "name it in the command, or set a default: connect queue=NAME;  or option -Q"
                        + " NAME"));
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}

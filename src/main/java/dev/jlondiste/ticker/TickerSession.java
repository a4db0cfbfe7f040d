package dev.jlondiste.ticker;

import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection in autocommit mode that is kept between steps, because it holds a lock or is costly
 * to open, and replaced when it exceeds its lifetime. Used by one thread only.
 */
final class TickerSession {
  private final Database database;
  private final Supplier<Duration> lifetime;
  private final InstantSource clock;
  private @Nullable Connection connection;
  private Instant opened = Instant.EPOCH;

  /** {@code lifetime} zero: unlimited. */
  TickerSession(Database database, Supplier<Duration> lifetime, InstantSource clock) {
    this.database = database;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  boolean isOpen() {
    return connection != null;
  }

  boolean isOld() {
    Duration age = lifetime.get();
    return connection != null && !age.isZero() && opened.plus(age).isBefore(clock.instant());
  }

  /** The current connection, or a new one. */
  Connection get() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = database.open();
      current.setAutoCommit(true);
      connection = current;
      Sql.run(current, DurableCommit.FOR_SESSION); // the original SQL code does not set it
      opened = clock.instant();
    }
    return current;
  }

  /** True if only the statement failed, and the connection can be used. */
  boolean isAlive(SQLException failure) {
    return connection != null && Conversation.isIntact(failure);
  }

  /** Closes the connection, and releases its locks. */
  void drop() {
    try (Connection closing = connection) {
      connection = null;
      if (closing != null && !closing.isClosed()) {
        // Explicit, because the server may notice the closed connection only after our next session
        // requests the lock.
        TickerFunctions.unlockAll(closing);
      }
    } catch (SQLException e) {
      connection = null; // it was already broken
    }
  }
}

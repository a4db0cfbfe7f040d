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
 * A connection in autocommit that is kept from step to step, because a lock or the cost of making
 * it hangs on it, and renewed when it is old. Used by one thread only.
 */
final class TickerSession {
  private final Database database;
  private final Supplier<Duration> lifetime;
  private final InstantSource clock;
  private @Nullable Connection connection;
  private Instant opened = Instant.EPOCH;

  /** {@code lifetime} zero: for ever. */
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

  /** The present connection, or a new one. */
  Connection get() throws SQLException {
    Connection present = connection;
    if (present == null) {
      present = database.open();
      present.setAutoCommit(true);
      connection = present;
      Sql.run(
          present, DurableCommit.FOR_SESSION); // our SQL code does it itself, that of others not
      opened = clock.instant();
    }
    return present;
  }

  /** True when the server still answers: what failed was the statement. */
  boolean isAlive(SQLException failure) {
    return connection != null && Conversation.isIntact(failure);
  }

  /** Gives the connection up; the server lets go of its locks. */
  void drop() {
    try (Connection closing = connection) {
      connection = null;
      if (closing != null && !closing.isClosed()) {
        // The server may take a moment to notice the end, and our next session wants the lock.
        TickerFunctions.unlockAll(closing);
      }
    } catch (SQLException e) {
      connection = null; // it was broken; nothing is left to give up
    }
  }
}

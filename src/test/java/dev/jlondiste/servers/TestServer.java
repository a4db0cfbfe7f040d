package dev.jlondiste.servers;

import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server for tests: superuser {@code postgres} without password. It is reached over
 * 127.0.0.1, also in a container.
 */
public interface TestServer extends AutoCloseable {
  /** "9.6", "10", ... "18". */
  String major();

  String host();

  int port();

  String jdbcUrl(String database);

  /** A connect string in libpq's format: {@code host=127.0.0.1 port=N user=postgres dbname=D}. */
  String connectString(String database);

  /** Ends all sessions and stops the server; does nothing if it is stopped. */
  void stop();

  /** Starts the server again, with the same port and data. */
  void start();

  /** Stops the server as a crash does: sessions end, and the next start recovers. */
  void kill();

  /**
   * Starts a standby, which reads the WAL of this server as it is written; this server is restarted
   * for it. The caller closes it. Skips the calling test where a server cannot have a standby.
   */
  default TestServer startStandby() {
    return Assumptions.abort("skipped: servers of this kind have no standby in tests");
  }

  /** Makes a standby a primary; returns when it accepts writes. */
  default void promote() {
    throw new IllegalStateException("no standby");
  }

  /** The database of this name, which a standby has from its primary. */
  default TestDatabase databaseLike(TestDatabase original) {
    return TestDatabase.existing(this, original);
  }

  /** True if CREATE DATABASE knows how to copy its template. */
  default boolean hasCopyStrategies() {
    return Double.parseDouble(major()) >= 15;
  }

  default void restart() {
    stop();
    start();
  }

  /** A new database of the superuser. */
  default TestDatabase createDatabase() {
    return TestDatabase.create(this, "postgres");
  }

  /** A new database named like one on another server, for clients with a list of hosts. */
  default TestDatabase createDatabaseNamed(String name) {
    return TestDatabase.createNamed(this, name);
  }

  /** A new database with encoding SQL_ASCII, which stores bytes without an encoding. */
  default TestDatabase createDatabaseOfBytes() {
    return TestDatabase.createOfBytes(this);
  }

  /** A copy of a database of this server, which must have no sessions. */
  default TestDatabase createDatabaseLike(TestDatabase template) {
    return TestDatabase.createLike(template);
  }

  /**
   * A new database whose owner has the login privilege only, as for operators without a superuser;
   * the methods of the result run as that owner.
   */
  default TestDatabase createDatabaseOwnedBy(String role) {
    return TestDatabase.create(this, role);
  }

  @Override
  void close();
}

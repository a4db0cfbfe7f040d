package dev.jlondiste.servers;

/**
 * A PostgreSQL server for tests: superuser {@code postgres} without password. Its sessions are
 * reached over 127.0.0.1, wherever it runs.
 */
public interface TestServer extends AutoCloseable {
  /** "9.6", "10", ... "18". */
  String major();

  String host();

  int port();

  String jdbcUrl(String database);

  /** As libpq writes it: {@code host=127.0.0.1 port=N user=postgres dbname=D}. */
  String connectString(String database);

  /** Ends all sessions and stops; does nothing when stopped. */
  void stop();

  /** Starts again: same port, same data. */
  void start();

  /** As a crash would: sessions are cut, the next start recovers. */
  void kill();

  default void restart() {
    stop();
    start();
  }

  /** A fresh database of the superuser. */
  default TestDatabase createDatabase() {
    return TestDatabase.create(this, "postgres");
  }

  /** A fresh database that stores bytes, and does not know which characters they are. */
  default TestDatabase createDatabaseOfBytes() {
    return TestDatabase.createOfBytes(this);
  }

  /** A copy of a database of this server, which must have no sessions. */
  default TestDatabase createDatabaseLike(TestDatabase template) {
    return TestDatabase.createLike(template);
  }

  /**
   * A fresh database whose owner may log in and nothing else, as operators without a superuser have
   * it; everything of the database object runs as that owner.
   */
  default TestDatabase createDatabaseOwnedBy(String role) {
    return TestDatabase.create(this, role);
  }

  @Override
  void close();
}

package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Lets only one process at a time work for a consumer. It is an advisory lock of the transaction
 * that it protects, so both end together, even behind a connection pooler.
 */
record ConsumerLock(long key) {
  /** Returns the lock whose key is derived from {@code purpose} and {@code name}. */
  static ConsumerLock of(String purpose, String name) {
    return new ConsumerLock(
        UUID.nameUUIDFromBytes(
                ("jlondiste " + purpose + " " + name).getBytes(StandardCharsets.UTF_8))
            .getMostSignificantBits());
  }

  /**
   * Acquires the lock until the end of the transaction; returns false if another process holds it.
   */
  boolean tryHold(Connection db) throws SQLException {
    return Sql.one(
        db, "select pg_catalog.pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), key);
  }
}

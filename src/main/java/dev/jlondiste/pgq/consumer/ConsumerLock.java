package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Lets one process at a time work for a consumer: an advisory lock that belongs to the transaction
 * which it protects, so that it can neither outlive it nor end before it, behind any pooler.
 */
record ConsumerLock(long key) {
  /** {@code purpose} and {@code name} tell it from all other locks of the database. */
  static ConsumerLock of(String purpose, String name) {
    return new ConsumerLock(
        UUID.nameUUIDFromBytes(
                ("jlondiste " + purpose + " " + name).getBytes(StandardCharsets.UTF_8))
            .getMostSignificantBits());
  }

  /** Until the end of the transaction; false when another process has it. */
  boolean tryHold(Connection db) throws SQLException {
    return Sql.one(
        db, "select pg_catalog.pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), key);
  }
}

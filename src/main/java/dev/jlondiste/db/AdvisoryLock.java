package dev.jlondiste.db;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * An advisory lock, by its key: the server keeps it per database, for a session or a transaction,
 * and releases it when that ends. Stateless; the caller owns the connection.
 */
public record AdvisoryLock(long key) {
  /** {@code objsubid} 1 marks a key of 64 bits, in contrast to one of two integers. */
  private static final String HOLDER =
      """
      select l.pid
        from pg_catalog.pg_locks l
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1
         and l.database = (select d.oid from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
         and ((l.classid::bigint << 32) | l.objid::bigint) = ?
      """;

  /** The lock that all programs derive from the same name. */
  public static AdvisoryLock named(String name) {
    return new AdvisoryLock(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits());
  }

  /** Takes it for the session; false when another session has it. */
  public boolean tryHold(Connection db) throws SQLException {
    return Sql.one(db, "select pg_catalog.pg_try_advisory_lock(?)", row -> row.getBoolean(1), key);
  }

  /** Releases what {@link #tryHold} took. */
  public void release(Connection db) throws SQLException {
    Sql.one(db, "select pg_catalog.pg_advisory_unlock(?)", row -> row.getBoolean(1), key);
  }

  /** Waits for it, and takes it until the end of the transaction. */
  public void holdInTransaction(Connection db) throws SQLException {
    Sql.run(db, "select pg_catalog.pg_advisory_xact_lock(?)", key);
  }

  /** Takes it until the end of the transaction; false when another session has it. */
  public boolean tryHoldInTransaction(Connection db) throws SQLException {
    return Sql.one(
        db, "select pg_catalog.pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), key);
  }

  /** The server process that has it; empty when it is free. */
  public Optional<Integer> holder(Connection db) throws SQLException {
    return Sql.first(db, HOLDER, row -> row.getInt(1), key);
  }

  public boolean isHeld(Connection db) throws SQLException {
    return holder(db).isPresent();
  }
}

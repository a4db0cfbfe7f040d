package dev.jlondiste.replica;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.structure.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Restores one object that a copy has dropped. A foreign key is first created NOT VALID, which is
 * fast, and then validated, so it holds for every row when it is reported as restored. Every step
 * is a transaction that locks the object's record, so two processes may attempt it at the same
 * time. Stateless.
 */
public final class Restoration {
  /** Writers of the tables queue behind the lock request, so it must be short. */
  private static final String LOCK_TIMEOUT = "set local lock_timeout = '3s'";

  private Restoration() {}

  /**
   * Restores the object. Returns the problem after recording it; empty if the object exists. Throws
   * without recording if the next attempt may succeed, for example after a lock timeout.
   */
  public static Optional<String> attempt(Database local, PendingRestore object)
      throws SQLException {
    try {
      boolean there =
          object.kind() == PendingRestore.Kind.FKEY
              ? foreignKey(local, object)
              : local.call(
                  db -> {
                    Ddl.run(db, LOCK_TIMEOUT);
                    return Unrestored.retry(db, object);
                  });
      if (there) {
        return Optional.empty();
      }
      return local.call(db -> problem(db, object));
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      String problem = Unrestored.describe(e);
      local.run(
          db ->
              Unrestored.record(
                  db, object.table(), object.kind(), object.name(), object.sql(), problem));
      return Optional.of(problem);
    }
  }

  private static Optional<String> problem(Connection db, PendingRestore object)
      throws SQLException {
    return PendingRestores.list(db).stream()
        .filter(now -> now.kind() == object.kind())
        .filter(now -> now.table().equals(object.table()) && now.name().equals(object.name()))
        .findFirst()
        .flatMap(PendingRestore::problem);
  }

  /**
   * Runs one step. The SQL function returns the next statement, which must be committed before its
   * next call.
   */
  private static boolean foreignKey(Database local, PendingRestore key) throws SQLException {
    boolean stepped = true;
    while (stepped) {
      stepped =
          local.call(
              db -> {
                Optional<String> next =
                    LondisteFunctions.restoreForeignKey(db, key.table(), key.name());
                if (next.isPresent()) {
                  Ddl.run(db, LOCK_TIMEOUT);
                  Ddl.run(db, next.get());
                } else {
                  Unrestored.forget(db, key.table(), key.kind(), key.name());
                }
                return next.isPresent();
              });
    }
    return true;
  }
}

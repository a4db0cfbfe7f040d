package dev.jlondiste.replica;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.structure.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Restores one object that a copy has dropped: a foreign key not validated first, which takes no
 * time, then validated; so it holds for every row when it is said to be restored. Every step is a
 * transaction that holds the object's record, so two may try at once. Stateless.
 */
public final class Restoration {
  /** Everyone who wants to write the tables would queue up behind us. */
  private static final String LOCK_TIMEOUT = "set local lock_timeout = '3s'";

  private Restoration() {}

  /**
   * Returns what went wrong, after recording it; empty when the object is there. Throws, without a
   * record, for what may succeed the next time, such as a lock that others hold.
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

  /** Each call returns the next statement, which has to be committed before the next call. */
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

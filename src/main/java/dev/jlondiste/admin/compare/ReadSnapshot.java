package dev.jlondiste.admin.compare;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** A transaction that only reads, and all of whose statements see the same rows. */
final class ReadSnapshot {
  private ReadSnapshot() {}

  /**
   * Begins it on a new connection, with a statement that takes its snapshot; closes the connection
   * if that fails.
   */
  static Connection begin(Connection db) throws SQLException {
    try {
      db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      db.setReadOnly(true);
      Sql.run(db, "select 1");
      return db;
    } catch (SQLException e) {
      try (db) {
        throw e;
      }
    }
  }
}

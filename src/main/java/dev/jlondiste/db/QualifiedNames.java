package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Makes the server print values that name objects (regclass and similar types) with their schema,
 * so that another database finds the same objects. Without it the server omits schemas that are in
 * the search path of the role or the database. For transactions that only read.
 */
public final class QualifiedNames {
  private QualifiedNames() {}

  /** Applies until the transaction ends. */
  public static void begin(Connection db) throws SQLException {
    Sql.run(db, "set local search_path = pg_catalog");
  }
}

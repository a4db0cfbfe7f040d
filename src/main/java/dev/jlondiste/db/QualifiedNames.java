package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Values that name objects (regclass and its like) as text with their schema: for transactions that
 * only read, so that another database finds the same objects. Otherwise the server leaves the
 * schema out when the search path of the role or the database has it.
 */
public final class QualifiedNames {
  private QualifiedNames() {}

  /** Until the transaction ends. */
  public static void begin(Connection db) throws SQLException {
    Sql.run(db, "set local search_path = pg_catalog");
  }
}

package dev.jlondiste.structure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs DDL statements verbatim. */
public final class Ddl {
  private Ddl() {}

  /**
   * Runs one or more statements. They are not prepared, because a question mark in a definition is
   * a jsonb operator, and braces are not JDBC escapes.
   */
  public static void run(Connection db, String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}

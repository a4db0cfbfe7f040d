package dev.jlondiste.structure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs definitions as they are. */
public final class Ddl {
  private Ddl() {}

  /**
   * Runs one or more statements. Not prepared: a question mark in a definition is an operator of
   * jsonb, and braces are no JDBC escapes.
   */
  public static void run(Connection db, String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}

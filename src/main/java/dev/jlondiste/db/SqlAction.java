package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/** The work of one transaction, without a result. */
@FunctionalInterface
public interface SqlAction {
  void in(Connection connection) throws SQLException;
}

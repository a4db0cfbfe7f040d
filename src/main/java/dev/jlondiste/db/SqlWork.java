package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/** The work of one transaction, with a result. */
@FunctionalInterface
public interface SqlWork<T> {
  T in(Connection connection) throws SQLException;
}

package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;

/** Something to do in one transaction. */
@FunctionalInterface
public interface SqlWork<T> {
  T in(Connection connection) throws SQLException;
}

package dev.jlondiste.replica.copy;

import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What is dropped before the rows come and built again after them: it costs less than to maintain
 * it.
 */
final class TableRebuild {
  static TableRebuild of(Connection here, TableName table) throws SQLException {
    return new TableRebuild();
  }

  void drop(Connection here) throws SQLException {}

  void restore(Connection here) throws SQLException {}
}

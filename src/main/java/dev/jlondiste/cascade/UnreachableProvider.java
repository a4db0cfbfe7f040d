package dev.jlondiste.cascade;

import java.sql.SQLException;

/**
 * The worker cannot connect to its provider. Message, SQLSTATE and cause are those of the failure.
 */
final class UnreachableProvider extends SQLException {
  private static final long serialVersionUID = 1;

  private final String node;

  private UnreachableProvider(String node, SQLException e) {
    super(e.getMessage(), e.getSQLState(), e.getErrorCode(), e);
    this.node = node;
  }

  /** The failure to connect to {@code node}, as such if the node may have moved. */
  static SQLException of(String node, SQLException e) {
    return MovedNode.isPossible(e) ? new UnreachableProvider(node, e) : e;
  }

  String node() {
    return node;
  }
}

package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.PendingRestore;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores what copies have dropped in the database of a node that is being dropped, because its
 * worker no longer does.
 */
public final class NodeRestores {
  private static final Logger log = LoggerFactory.getLogger(NodeRestores.class);

  private final Optional<Database> database;
  private final String node;

  private NodeRestores(Optional<Database> database, String node) {
    this.database = database;
    this.node = node;
  }

  /**
   * Call this while the node is still a member. A dead node is not connected to, and nothing is
   * restored there.
   */
  public static NodeRestores of(Cascade cascade, String node) throws SQLException {
    try {
      return new NodeRestores(Optional.of(cascade.database(node)), node);
    } catch (UserError e) {
      return new NodeRestores(Optional.empty(), node);
    }
  }

  /** Restores what can be restored, and logs what is missing. */
  public void finish() {
    if (database.isEmpty()) {
      return;
    }
    try {
      Restores restores = new Restores(database.get());
      if (restores.pending().isEmpty()) {
        return;
      }
      List<PendingRestore> missing = restores.restore();
      missing.forEach(
          object -> log.warn("[{}] {} is missing: {}", node, object.title(), object.reason()));
      if (!missing.isEmpty()) {
        log.warn(
            Hint.line(
                "remove the cause and run 'fkeys --restore' with the ini file of node " + node));
      }
    } catch (SQLException e) {
      log.warn("[{}] what copies have dropped was not restored: {}", node, e.getMessage());
    }
  }
}

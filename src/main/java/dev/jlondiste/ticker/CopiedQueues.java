package dev.jlondiste.ticker;

import dev.jlondiste.db.Database;
import java.sql.SQLException;
import java.util.Map;

/**
 * Finds queues that must not be ticked in a database, because the database is a copy of the one
 * they belong to. Implemented above this package, which does not know how copies are detected.
 */
@FunctionalInterface
public interface CopiedQueues {
  /** All queues are ticked. */
  CopiedQueues NONE = database -> Map.of();

  /** Returns the problem and its fix for each such queue, by queue name. */
  Map<String, String> find(Database database) throws SQLException;
}

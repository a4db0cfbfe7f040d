package dev.jlondiste.ticker;

import dev.jlondiste.db.Database;
import java.sql.SQLException;
import java.util.Map;

/**
 * Tells the queues that must not be ticked in a database, because it is a copy of another one to
 * which they belong. What a copy is, the ticker does not know.
 */
@FunctionalInterface
public interface CopiedQueues {
  /** All queues are ticked. */
  CopiedQueues NONE = database -> Map.of();

  /** By queue name, the problem and what to do about it. */
  Map<String, String> find(Database database) throws SQLException;
}

package dev.jlondiste.admin.tables;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.replica.PendingRestore;
import dev.jlondiste.replica.PendingRestores;
import dev.jlondiste.replica.Restoration;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What copies have dropped in one database and not restored yet, for all queues. Needs no node, so
 * it also works after the node was dropped.
 */
public final class Restores {
  private static final Logger log = LoggerFactory.getLogger(Restores.class);

  private final Database database;

  public Restores(Database database) {
    this.database = database;
  }

  public List<PendingRestore> pending() throws SQLException {
    return database.call(PendingRestores::list);
  }

  /**
   * Tries to restore everything now, except what waits for a table that is being copied.
   *
   * @return what is still missing, with the reason
   */
  public List<PendingRestore> restore() throws SQLException {
    for (PendingRestore object : pending()) {
      if (object.waitsFor().isEmpty()) {
        log.info("restoring {}", object.title());
        attempt(object).ifPresent(text -> log.error("cannot restore {}: {}", object.title(), text));
      } else {
        log.error("cannot restore {} yet: {}", object.title(), object.reason());
      }
    }
    return pending();
  }

  private Optional<String> attempt(PendingRestore object) throws SQLException {
    try {
      return Restoration.attempt(database, object);
    } catch (SQLException e) {
      if (SqlFaults.state(e).equals("55P03")) {
        return Optional.of("other transactions hold its tables: try again");
      }
      throw e;
    }
  }
}

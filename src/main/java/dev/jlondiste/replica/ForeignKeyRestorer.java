package dev.jlondiste.replica;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.replica.LondisteFunctions.PendingForeignKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores the foreign keys that were dropped for a copy, as soon as both tables are in sync: first
 * not validated, which takes no time, then validated. A key that the data violate is tried again
 * every few minutes; replication goes on meanwhile. Called by the main worker's thread only.
 */
public final class ForeignKeyRestorer {
  private static final Logger log = LoggerFactory.getLogger(ForeignKeyRestorer.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofMinutes(5);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final Clock clock;
  private final Map<PendingForeignKey, Instant> failed = new HashMap<>();
  private Instant nextLook = Instant.MIN;

  public ForeignKeyRestorer(Supplier<NodeSettings> settings, Database local, Clock clock) {
    this.settings = settings;
    this.local = local;
    this.clock = clock;
  }

  void restore() throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return;
    }
    nextLook = now.plus(LOOK_EVERY);
    List<PendingForeignKey> keys =
        local.call(db -> LondisteFunctions.restorableForeignKeys(db, settings.get().queueName()));
    failed.keySet().retainAll(keys);
    for (PendingForeignKey key : keys) {
      if (failed.getOrDefault(key, Instant.MIN).isBefore(now)) {
        tryRestore(key, now);
      }
    }
  }

  private void tryRestore(PendingForeignKey key, Instant now) {
    log.info("Creating fkey: {} ({} --> {})", key.name(), key.from(), key.to());
    try {
      // Each call tells the next statement, which has to be committed before the next call.
      while (step(key)) {
        log.debug("fkey {}: next step", key.name());
      }
      failed.remove(key);
    } catch (SQLException e) {
      boolean first = failed.put(key, now.plus(RETRY_AFTER)) == null;
      if (first) {
        log.error(
            "cannot create fkey {} ({} --> {}), replication goes on, retrying every {} min: {}",
            key.name(),
            key.from(),
            key.to(),
            RETRY_AFTER.toMinutes(),
            e.getMessage());
      }
    }
  }

  private boolean step(PendingForeignKey key) throws SQLException {
    return local.call(
        db -> {
          Optional<String> statement = LondisteFunctions.restoreForeignKey(db, key);
          if (statement.isPresent()) {
            try (java.sql.Statement ddl = db.createStatement()) {
              ddl.execute(statement.get());
            }
          }
          return statement.isPresent();
        });
  }
}

package dev.jlondiste.replica;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Backoff;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores what was dropped for a copy as soon as the tables are in sync: foreign keys, and indexes
 * that could not be created at the end of the copy. An object that the data violate is retried
 * every few minutes, an index at increasing intervals; replication continues meanwhile. Called by
 * the main worker's thread only.
 */
public final class ForeignKeyRestorer {
  private static final Logger log = LoggerFactory.getLogger(ForeignKeyRestorer.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Backoff RETRY_AFTER = Backoff.constant(Duration.ofMinutes(5));

  /** Pause after a lock timeout or a lost connection. */
  private static final Backoff RETRY_SOON = Backoff.constant(Duration.ofSeconds(20));

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final Clock clock;

  /** The time of the next attempt. */
  private final Map<Failed, Instant> failed = new HashMap<>();

  private final Set<Failed> reported = new HashSet<>();
  private Instant nextLook = Instant.MIN;

  /** Identifies an object whose last attempt failed. */
  private record Failed(String title, String sql) {
    static Failed of(PendingRestore object) {
      return new Failed(object.title(), object.sql());
    }
  }

  public ForeignKeyRestorer(Supplier<NodeSettings> settings, Database local, Clock clock) {
    this.settings = settings;
    this.local = local;
    this.clock = clock;
  }

  /** Lets the next call check, since tables have come into sync. */
  void checkNext() {
    nextLook = Instant.MIN;
  }

  /** Returns true if something was restored. */
  boolean restore() throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return false;
    }
    nextLook = now.plus(LOOK_EVERY);
    Optional<String> queue = Optional.of(settings.get().queueName());
    List<PendingRestore> objects =
        local.call(PendingRestores::list).stream()
            .filter(object -> object.due() && object.waitsFor().isEmpty())
            .filter(object -> object.owner().equals(queue))
            .toList();
    List<Failed> present = objects.stream().map(Failed::of).toList();
    failed.keySet().retainAll(present);
    reported.retainAll(present);
    boolean restored = false;
    for (PendingRestore object : objects) {
      if (failed.getOrDefault(Failed.of(object), Instant.MIN).isBefore(now)) {
        restored |= tryRestore(object, now);
      }
    }
    return restored;
  }

  private boolean tryRestore(PendingRestore object, Instant now) {
    log.info("Creating {}", describe(object));
    Optional<String> problem;
    try {
      problem = Restoration.attempt(local, object);
    } catch (SQLException e) {
      log.warn("{} is not restored yet: {}", describe(object), e.getMessage());
      failed.put(Failed.of(object), now.plus(RETRY_SOON.pause(1)));
      return false;
    }
    if (problem.isPresent()) {
      failed.put(Failed.of(object), now.plus(RETRY_AFTER.pause(1)));
      if (reported.add(Failed.of(object))) {
        log.error(
            "cannot create {}, replication continues, retrying every {} min: {}",
            describe(object),
            RETRY_AFTER.max().toMinutes(),
            problem.get());
      }
    }
    return problem.isEmpty();
  }

  private static String describe(PendingRestore object) {
    return object.kind() == PendingRestore.Kind.FKEY
        ? "fkey: %s (%s --> %s)".formatted(object.name(), object.table(), object.to())
        : object.title();
  }
}

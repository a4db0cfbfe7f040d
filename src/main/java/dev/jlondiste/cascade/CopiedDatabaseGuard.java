package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to work in a copy of a node's database, which would act as a second node of the same
 * name. Checks before the first step and every few minutes where the node's public location leads,
 * see {@link OwnLocation}. Called by one thread only.
 */
public final class CopiedDatabaseGuard implements Work {
  private static final Logger log = LoggerFactory.getLogger(CopiedDatabaseGuard.class);
  private static final Duration CHECK_INTERVAL = Duration.ofMinutes(5);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final Work work;
  private final Clock clock;
  private Instant next = Instant.MIN;
  private String warned = "";

  public CopiedDatabaseGuard(
      Supplier<NodeSettings> settings, Database local, RemoteNodes remote, Work work, Clock clock) {
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.work = work;
    this.clock = clock;
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    if (!settings.get().allowCopiedDatabase() && !next.isAfter(clock.instant())) {
      check();
      next = clock.instant().plus(CHECK_INTERVAL);
    }
    return work.runOnce();
  }

  @Override
  public void close() {
    work.close();
  }

  private void check() throws SQLException {
    OwnLocation own =
        OwnLocation.check(
            local, settings.get().queueName(), location -> remote.at(location.text()));
    String problem = own.problem().orElse("");
    if (own.isCopy()) {
      throw new CopiedDatabase(problem, own.hint());
    }
    if (!problem.isEmpty() && !problem.equals(warned)) {
      log.warn("{}", problem);
    }
    warned = problem;
  }
}

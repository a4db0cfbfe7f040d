package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses to work on a physical copy of a node: it says of itself that it is the node, and would
 * act as a second one. Looks before the first step and every few minutes whether the node's public
 * location leads here. Called by one thread only.
 */
public final class CopiedDatabaseGuard implements Work {
  private static final Logger log = LoggerFactory.getLogger(CopiedDatabaseGuard.class);
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final Work work;
  private final Clock clock;
  private Instant next = Instant.MIN;

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
      next = clock.instant().plus(EVERY);
    }
    return work.runOnce();
  }

  @Override
  public void close() {
    work.close();
  }

  private void check() throws SQLException {
    String queue = settings.get().queueName();
    Optional<NodeLocation> self =
        local.call(
            db -> {
              Optional<NodeInfo> node = NodeFunctions.getNodeInfo(db, queue);
              return NodeFunctions.getQueueLocations(db, queue).stream()
                  .filter(
                      member -> node.map(NodeInfo::name).filter(member.node()::equals).isPresent())
                  .findFirst();
            });
    if (self.isEmpty()) {
      return; // the worker will say so itself
    }
    try (Connection here = local.open()) {
      Optional<Connection> there = publicWay(self.get());
      if (there.isPresent()) {
        try (Connection other = there.get()) {
          if (SameDatabase.compare(here, other) != SameDatabase.Verdict.SAME) {
            throw new CopiedDatabase(self.get().node());
          }
        }
      }
    }
  }

  /** Others may reach this node where it cannot reach itself: that proves nothing. */
  private Optional<Connection> publicWay(NodeLocation self) {
    try {
      return Optional.of(remote.at(self.location()).open());
    } catch (SQLException e) {
      log.warn(
          "cannot check that node {}'s public location leads to this database: {}",
          self.node(),
          e.getMessage());
      return Optional.empty();
    }
  }
}

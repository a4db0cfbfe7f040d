package dev.jlondiste.replica;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.FindingKind;
import dev.jlondiste.replica.inventory.Inventory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On a root, logs the defects of capture: each finding when it appears and when it disappears, and
 * broken capture once an hour. The check reads the catalog of each table, so it is limited to a
 * hundredth of the elapsed time. Called by one thread only.
 */
public final class CaptureWatch implements Work {
  private static final Logger log = LoggerFactory.getLogger(CaptureWatch.class);
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration REPEAT = Duration.ofHours(1);
  private static final int SHARE = 100;

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final InstantSource clock;
  private Duration pause = EVERY;
  private List<Finding> known = List.of();
  private Instant repeat = Instant.MIN;

  public CaptureWatch(Supplier<NodeSettings> settings, Database local, InstantSource clock) {
    this.settings = settings;
    this.local = local;
    this.clock = clock;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    NodeSettings now = settings.get();
    String queue = now.queueName();
    Instant began = clock.instant();
    NodeType type =
        local.ask(db -> NodeFunctions.getConsumerState(db, queue, now.consumerName())).nodeType();
    if (type == NodeType.ROOT) {
      report(queue, local.ask(new Inventory(queue, now.inventoryIgnore())::thorough));
    }
    Duration longest = Duration.between(began, clock.instant()).multipliedBy(SHARE);
    pause = longest.compareTo(EVERY) > 0 ? longest : EVERY;
    return Outcome.IDLE;
  }

  private void report(String queue, List<Finding> findings) {
    boolean again = !clock.instant().isBefore(repeat);
    List<Finding> news =
        findings.stream()
            .filter(finding -> !known.contains(finding) || (again && isBroken(finding)))
            .toList();
    Finding.summary(news)
        .forEach(line -> log.warn("{}: {}; 'check' shows why, and how to fix it", queue, line));
    Finding.summary(known.stream().filter(finding -> !findings.contains(finding)).toList())
        .forEach(line -> log.info("{}: no longer: {}", queue, line));
    if (news.stream().anyMatch(CaptureWatch::isBroken)) {
      repeat = clock.instant().plus(REPEAT);
    }
    known = findings;
  }

  private static boolean isBroken(Finding finding) {
    FindingKind kind = finding.kind();
    return !kind.canBeMeant();
  }

  /** The time until the next check. */
  public Duration pause() {
    return pause;
  }
}

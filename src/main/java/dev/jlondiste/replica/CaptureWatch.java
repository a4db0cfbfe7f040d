package dev.jlondiste.replica;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, on a root, of tables that have changed since their native triggers were made: these go on,
 * but slower, and a key that has changed may be missed. Looks at the catalogue of each table, and
 * so at most a hundredth of the time. Called by one thread only.
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
  private List<String> said = List.of();
  private Instant repeat = Instant.MIN;

  public CaptureWatch(Supplier<NodeSettings> settings, Database local, InstantSource clock) {
    this.settings = settings;
    this.local = local;
    this.clock = clock;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    String queue = settings.get().queueName();
    String consumer = settings.get().consumerName();
    Instant began = clock.instant();
    NodeType type = local.ask(db -> NodeFunctions.getConsumerState(db, queue, consumer)).nodeType();
    if (type == NodeType.ROOT) {
      warn(queue, local.ask(db -> LondisteFunctions.captures(db, queue)));
    }
    Duration longest = Duration.between(began, clock.instant()).multipliedBy(SHARE);
    pause = longest.compareTo(EVERY) > 0 ? longest : EVERY;
    return Outcome.IDLE;
  }

  private void warn(String queue, List<CaptureInfo> captures) {
    List<String> stale =
        captures.stream().filter(CaptureInfo::stale).map(info -> info.table().full()).toList();
    boolean known = stale.equals(said) && clock.instant().isBefore(repeat);
    said = stale;
    if (stale.isEmpty() || known) {
      return;
    }
    repeat = clock.instant().plus(REPEAT);
    log.warn(
        "{}: changed since their triggers were made, capture is slow and may miss changed keys until"
            + " 'regenerate-triggers': {}",
        queue,
        String.join(", ", stale));
  }

  /** Until the next look. */
  public Duration pause() {
    return pause;
  }
}

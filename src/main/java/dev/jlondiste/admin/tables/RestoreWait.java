package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Obstacle;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.replica.PendingRestore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the local node's worker has restored what copies have dropped, or has failed to. Use
 * it when all tables are in sync.
 */
public final class RestoreWait {
  private static final Logger log = LoggerFactory.getLogger(RestoreWait.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Cascade cascade;
  private final Restores restores;
  private final Deadline deadline;

  /** A wait that ends with an error at {@code deadline}. */
  public RestoreWait(Cascade cascade, Deadline deadline) {
    this.cascade = cascade;
    this.deadline = deadline;
    this.restores = new Restores(cascade.local());
  }

  /** Returns false if an object cannot be restored, or waits for a table that is not in sync. */
  public boolean await() throws SQLException, InterruptedException {
    List<PendingRestore> waiting = untried(ours());
    if (!waiting.isEmpty()) {
      log.info("Waiting until the worker has restored {}", titles(waiting));
    }
    Wait wait =
        new Wait("the worker to restore " + titles(waiting), this::obstacles)
            .every(PERIOD)
            .atMost(deadline);
    List<PendingRestore> pending =
        wait.forValue(() -> Optional.of(ours()).filter(now -> untried(now).isEmpty()))
            .orElseThrow(() -> wait.timedOut("the worker has not restored " + titles(waiting)));
    pending.forEach(
        object ->
            log.error(
                "{} is not restored: {}",
                object.title(),
                object.waitsFor().isPresent()
                    ? object.reason()
                    : object.problem().orElse(object.reason())));
    return pending.isEmpty();
  }

  private List<Obstacle> obstacles() throws SQLException {
    NodeInfo node = cascade.node();
    return new NodeObstacles(cascade).ofWorker(node.name(), node.worker());
  }

  private List<PendingRestore> ours() throws SQLException {
    Optional<String> queue = Optional.of(cascade.queue());
    return restores.pending().stream().filter(object -> object.owner().equals(queue)).toList();
  }

  private static List<PendingRestore> untried(List<PendingRestore> pending) {
    return pending.stream()
        .filter(object -> object.problem().isEmpty() && object.waitsFor().isEmpty())
        .toList();
  }

  private static String titles(List<PendingRestore> objects) {
    return objects.stream().map(PendingRestore::title).collect(Collectors.joining(", "));
  }
}

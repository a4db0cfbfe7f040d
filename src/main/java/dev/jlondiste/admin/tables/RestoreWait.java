package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.PendingRestore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the local node's worker has restored what copies have dropped, or has found that it
 * cannot. To be used when all tables are in sync.
 */
public final class RestoreWait {
  private static final Logger log = LoggerFactory.getLogger(RestoreWait.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Restores restores;
  private final Optional<String> queue;
  private final StopSignal stop;

  public RestoreWait(Cascade cascade, StopSignal stop) {
    this.restores = new Restores(cascade.local());
    this.queue = Optional.of(cascade.queue());
    this.stop = stop;
  }

  /**
   * False when something is missing for good, or waits for a table that is not in sync, or it was
   * told to stop before.
   */
  public boolean await() throws SQLException, InterruptedException {
    List<PendingRestore> pending = ours();
    List<PendingRestore> waiting = untried(pending);
    if (!waiting.isEmpty()) {
      log.info("Waiting until the worker has restored {}", titles(waiting));
    }
    while (!waiting.isEmpty()) {
      if (stop.await(PAUSE)) {
        return false;
      }
      pending = ours();
      waiting = untried(pending);
    }
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

  private List<PendingRestore> ours() throws SQLException {
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

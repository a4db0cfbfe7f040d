package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Arrival;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventStream;
import dev.jlondiste.pgq.EventText;
import dev.jlondiste.pgq.EventWriter;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.ReadAhead;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One batch becomes one local transaction: its events, its copy in a queue, the new position. */
final class BatchApplication {
  /** Heap for events that were read and wait to be applied. */
  private static final long READ_AHEAD_BYTES = 4 << 20;

  private final String queue;
  private final NodePosition position;
  private final QueueCopy queueCopy;
  private final BatchHandler handler;
  private final CascadeEvents cascadeEvents;
  private final SyncWatermark syncWatermark;

  BatchApplication(
      String queue,
      NodePosition position,
      QueueCopy queueCopy,
      BatchHandler handler,
      SyncWatermark syncWatermark) {
    this.queue = queue;
    this.position = position;
    this.queueCopy = queueCopy;
    this.handler = handler;
    this.cascadeEvents = new CascadeEvents(queue, syncWatermark);
    this.syncWatermark = syncWatermark;
  }

  /**
   * Commits {@code local}.
   *
   * @return counters for the log; empty when nothing was done, because somebody has paused the
   *     worker or given it another provider
   */
  Optional<Map<String, Long>> apply(
      Batch batch,
      NodeInfo node,
      CascadeRole role,
      Connection provider,
      Connection local,
      boolean careful)
      throws SQLException, InterruptedException {
    if (role == CascadeRole.WAIT_BEHIND) {
      return Optional.of(followBehind(batch, node, provider, local));
    }
    switch (position.holdAsSeen(local, batch, node.provider().orElseThrow())) {
      case NEXT -> {}
      case ALREADY_APPLIED -> {
        local.commit();
        return Optional.of(Map.of("count", 0L));
      }
      case CHANGED -> {
        local.rollback();
        return Optional.empty();
      }
    }
    EventText text = EventText.between(provider, local);
    handler.begin(batch, local, careful);
    Target target = Target.of(role, node, queue, queueCopy, local);
    // Whoever passes events on needs those of tables that are not local, too.
    String filter = role == CascadeRole.LEAF ? handler.eventFilter() : null;
    long count = 0;
    boolean handled = false;
    try (ReadAhead events =
        new ReadAhead(
            EventStream.open(provider, batch, filter, text, target.isThere()),
            READ_AHEAD_BYTES)) {
      for (Optional<Arrival> next = events.next(); next.isPresent(); next = events.next()) {
        Event event = next.get().event();
        count++;
        if (event.retry() != null) {
          throw new IllegalStateException(
              "event " + event.id() + " is a retry, which a node has not");
        }
        if (event.isCascadeEvent()) {
          handler.settle();
          cascadeEvents.handle(event, node, local);
        } else {
          handler.handle(next.get(), local);
        }
        if (target.isThere()) {
          handler.settle();
          target.take(syncWatermark.forSubtree(next.get().readable(), node), next.get().raw());
        }
      }
      handled = true;
    } finally {
      if (!handled) {
        handler.giveUp();
      }
    }
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("count", count);
    counters.putAll(handler.finish(local));
    target.flush();
    if (role == CascadeRole.MERGE_INTO_ROOT) {
      PgqFunctions.insertEvent(
          local,
          node.combinedQueue().orElseThrow(),
          "pgq.tick-id",
          String.valueOf(batch.currentTick()),
          queue);
    }
    position.complete(local, batch);
    local.commit();
    return Optional.of(counters);
  }

  /** The data came through the combined queue: only the cascade's own events are left to do. */
  private Map<String, Long> followBehind(
      Batch batch, NodeInfo node, Connection provider, Connection local) throws SQLException {
    long count = 0;
    try (EventStream events = EventStream.open(provider, batch, "ev_type like 'pgq.%'", false)) {
      for (Optional<Arrival> next = events.next(); next.isPresent(); next = events.next()) {
        cascadeEvents.handle(next.get().event(), node, local);
        count++;
      }
    }
    local.commit();
    return Map.of("count", count);
  }

  /** Where the events of a batch are repeated, if anywhere. */
  private record Target(@Nullable EventWriter writer, @Nullable QueueCopy branch) {
    static Target of(
        CascadeRole role, NodeInfo node, String queue, QueueCopy queueCopy, Connection local)
        throws SQLException {
      return switch (role) {
        case BRANCH -> new Target(queueCopy.open(local), queueCopy);
        case MERGE_INTO_ROOT ->
            new Target(new EventWriter(local, node.combinedQueue().orElse(queue), false), null);
        case ROOT, LEAF, WAIT_BEHIND -> new Target(null, null);
      };
    }

    boolean isThere() {
      return writer != null;
    }

    void take(Event event, boolean raw) throws SQLException {
      if (writer == null) {
        return;
      }
      if (branch != null) {
        branch.write(writer, event, raw);
      } else if (!event.isCascadeEvent() && !event.type().startsWith("londiste.")) {
        writer.write(event, raw);
      }
    }

    void flush() throws SQLException {
      if (writer != null) {
        writer.flush();
      }
    }
  }
}

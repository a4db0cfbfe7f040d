package dev.jlondiste.cascade;

import dev.jlondiste.fault.Hint;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchCut;
import dev.jlondiste.pgq.DecodedEvent;
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
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one batch in one local transaction: its events, their copies in the local queue, and the
 * new position. A tick that is too large for one transaction is applied in parts, see {@link
 * TickPart}.
 */
final class BatchApplication {
  private static final Logger log = LoggerFactory.getLogger(BatchApplication.class);

  /** Heap for events that are read ahead of being applied, in bytes. */
  private static final long READ_AHEAD_BYTES = 4 << 20;

  private static final long BEFORE_FIRST_EVENT = -1;

  private final String queue;
  private final NodePosition position;
  private final QueueCopy queueCopy;
  private final BatchApplier applier;
  private final CascadeEvents cascadeEvents;
  private final SyncWatermark syncWatermark;
  private long handled;
  private boolean hasWarnedOfParts;

  /**
   * The result of applying a batch.
   *
   * @param counters for the log
   * @param complete false if only a part of the tick was applied and further parts follow
   */
  record Applied(Map<String, Long> counters, boolean complete) {}

  BatchApplication(
      String queue,
      NodePosition position,
      QueueCopy queueCopy,
      BatchApplier applier,
      SyncWatermark syncWatermark) {
    this.queue = queue;
    this.position = position;
    this.queueCopy = queueCopy;
    this.applier = applier;
    this.cascadeEvents = new CascadeEvents(queue, syncWatermark);
    this.syncWatermark = syncWatermark;
  }

  /**
   * Commits the local transaction.
   *
   * @return empty if nothing was done because the worker was paused or its provider was changed
   */
  Optional<Applied> apply(BatchAttempt attempt, Caution caution, Trouble trouble)
      throws SQLException, InterruptedException {
    Batch batch = attempt.batch();
    NodeInfo node = attempt.node();
    CascadeRole role = attempt.role();
    Connection local = attempt.local();
    handled = 0;
    if (role == CascadeRole.WAIT_BEHIND) {
      return Optional.of(new Applied(followBehind(batch, node, attempt.provider(), local), true));
    }
    switch (position.holdAsSeen(local, batch, node.provider().orElseThrow())) {
      case NEXT -> {}
      case ALREADY_APPLIED -> {
        local.commit();
        return Optional.of(new Applied(Map.of("count", 0L), true));
      }
      case CHANGED -> {
        local.rollback();
        return Optional.empty();
      }
    }
    Optional<TickPart> inside = position.part();
    if (inside.isPresent() && inside.get().tick() != batch.currentTick()) {
      throw new PartOfAnotherTick(inside.get(), batch, node.provider().orElseThrow());
    }
    trouble.progress(inside.map(TickPart::toString).orElse(""));
    applier.begin(batch, local, caution.isCareful());
    Target target = Target.of(role, node, queue, queueCopy, local);
    OptionalLong lastOfPart;
    boolean handledAll = false;
    try {
      lastOfPart = handleEvents(attempt, target, caution);
      handledAll = true;
    } finally {
      if (!handledAll) {
        applier.giveUp();
      }
    }
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("count", handled);
    counters.putAll(applier.finish(local));
    target.flush();
    if (lastOfPart.isPresent()) {
      TickPart part =
          new TickPart(batch.previousTick(), batch.currentTick(), lastOfPart.getAsLong());
      trouble.progress(part.toString());
      position.completePart(local, part, trouble.text());
      local.commit();
      return Optional.of(new Applied(counters, false));
    }
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
    return Optional.of(new Applied(counters, true));
  }

  /**
   * Handles the remaining events of the batch, or those of its next part. For a part it returns the
   * id of the last event that was handled.
   */
  private OptionalLong handleEvents(BatchAttempt attempt, Target target, Caution caution)
      throws SQLException, InterruptedException {
    Batch batch = attempt.batch();
    Connection provider = attempt.provider();
    Connection local = attempt.local();
    // A branch forwards events of all tables, including tables that it does not have.
    String filter = attempt.role() == CascadeRole.LEAF ? applier.eventFilter() : null;
    OptionalLong after =
        position.part().map(part -> OptionalLong.of(part.lastEvent())).orElse(OptionalLong.empty());
    int events = partEvents(local, caution);
    EventText text = EventText.between(provider, local);
    MovedRows moved = new MovedRows();
    while (true) {
      OptionalLong next =
          events == 0
              ? OptionalLong.empty()
              : BatchCut.find(provider, batch, filter, after.orElse(BEFORE_FIRST_EVENT), events);
      try (ReadAhead stream =
          new ReadAhead(
              EventStream.open(
                  provider,
                  batch,
                  between(filter, after, next),
                  text,
                  target.isThere() || applier.readsWholeEvents()),
              READ_AHEAD_BYTES)) {
        for (Optional<DecodedEvent> event = stream.next();
            event.isPresent();
            event = stream.next()) {
          moved.see(event.get());
          handle(event.get(), attempt.node(), target, local, caution.isCareful());
          handled++;
        }
      }
      if (next.isEmpty()) {
        return next;
      }
      after = OptionalLong.of(next.getAsLong() - 1);
      if (moved.haveArrived()) {
        return after;
      }
      events = 1; // until the part can end
    }
  }

  private static @Nullable String between(
      @Nullable String filter, OptionalLong after, OptionalLong before) {
    StringBuilder condition = new StringBuilder(filter == null ? "true" : "(" + filter + "\n)");
    after.ifPresent(id -> condition.append(" and ev_id > ").append(id));
    before.ifPresent(id -> condition.append(" and ev_id < ").append(id));
    return after.isEmpty() && before.isEmpty() ? filter : condition.toString();
  }

  private int partEvents(Connection local, Caution caution) throws SQLException {
    int events = caution.partEvents();
    if (events == 0 || position.canStoreParts(local)) {
      return events;
    }
    if (!hasWarnedOfParts) {
      hasWarnedOfParts = true;
      log.warn(
          Hint.after(
              "a tick that is too large for one transaction cannot be applied in parts, as this"
                  + " database has no table pgq_node.tick_part",
              "raise max_locks_per_transaction or memory of the server, or install this program's"
                  + " SQL: psql -f sql/install.sql"));
    }
    return 0;
  }

  /** Number of events that the last {@link #apply} handled, also if it failed. */
  long handled() {
    return handled;
  }

  /**
   * In careful mode a failure belongs to the current event, because no change of an earlier event
   * is still buffered.
   */
  private void handle(
      DecodedEvent decoded, NodeInfo node, Target target, Connection local, boolean careful)
      throws SQLException {
    try {
      handle(decoded, node, target, local);
    } catch (SQLException e) {
      throw careful ? RefusedEvent.of(decoded.event(), decoded.row(), e) : e;
    } catch (RuntimeException e) {
      if (careful) {
        throw RefusedEvent.of(decoded.event(), decoded.row(), e);
      }
      throw e;
    }
  }

  private void handle(DecodedEvent decoded, NodeInfo node, Target target, Connection local)
      throws SQLException {
    Event event = decoded.event();
    if (event.retry() != null) {
      throw new IllegalStateException("event " + event.id() + " is a retry, which a node has not");
    }
    if (event.isCascadeEvent()) {
      applier.settle();
      cascadeEvents.handle(event, node, local);
    } else {
      applier.handle(decoded, local);
    }
    if (target.isThere()) {
      applier.settle();
      Optional<Event> passed =
          event.isCascadeEvent()
              ? Optional.of(syncWatermark.forSubtree(decoded.readable(), node))
              : applier.passOn(decoded, local);
      if (passed.isPresent()) {
        applier.settle(); // passOn may have used the applier
        target.take(passed.get(), decoded.raw());
      }
    }
  }

  /** Handles only the cascade's own events, because the data arrive through the combined queue. */
  private Map<String, Long> followBehind(
      Batch batch, NodeInfo node, Connection provider, Connection local) throws SQLException {
    long count = 0;
    try (EventStream events = EventStream.open(provider, batch, "ev_type like 'pgq.%'", false)) {
      for (Optional<DecodedEvent> next = events.next(); next.isPresent(); next = events.next()) {
        cascadeEvents.handle(next.get().event(), node, local);
        count++;
      }
    }
    local.commit();
    return Map.of("count", count);
  }

  /** The queue to which the events of a batch are copied; empty if they are not copied. */
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

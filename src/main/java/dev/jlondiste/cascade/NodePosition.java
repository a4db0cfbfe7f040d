package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tick a consumer has completed, stored in the database it writes to and committed with the
 * data. That makes a batch apply exactly once: whoever wants to apply it must first hold the row
 * and find the tick the batch starts at, so neither a second worker nor a lost commit reply can
 * apply it again. Used by one thread.
 */
public final class NodePosition {
  private static final String PART =
      """
      ;
      select prev_tick_id, tick_id, last_event_id
        from pgq_node.tick_part
       where queue_name = ? and consumer_name = ?
      """;

  private static final String LOCK =
      """
      select last_tick_id, uptodate and not paused as going, provider_node
        from pgq_node.local_state
       where queue_name = ? and consumer_name = ?
         for update
      """;

  private final String queue;
  private final String consumer;
  private @Nullable Boolean knowsParts;
  private Optional<TickPart> part = Optional.empty();
  private @Nullable Completed last;

  public NodePosition(String queue, String consumer) {
    this.queue = queue;
    this.consumer = consumer;
  }

  /** How a batch relates to the position. */
  public enum BatchStatus {
    NEXT,
    ALREADY_APPLIED,
    /** Somebody has paused the consumer or given it another provider, and it did not see that. */
    CHANGED
  }

  /** A tick as this process has met it: a number alone may be given out twice. */
  private record Completed(long tick, Instant time) {}

  private record Held(long completed, boolean going, String provider, Optional<TickPart> part) {}

  /**
   * Two statements in one round trip: the second begins when the first has the lock, and so sees
   * what a transaction that held it has committed.
   */
  private Optional<Held> lock(Connection local) throws SQLException {
    boolean both = knowsParts(local);
    try (PreparedStatement statement = local.prepareStatement(both ? LOCK + PART : LOCK)) {
      for (int i = 1; i <= (both ? 4 : 2); i += 2) {
        statement.setString(i, queue);
        statement.setString(i + 1, consumer);
      }
      statement.execute();
      Optional<Held> held = Optional.empty();
      try (ResultSet row = statement.getResultSet()) {
        if (row.next()) {
          held =
              Optional.of(
                  new Held(row.getLong(1), row.getBoolean(2), row.getString(3), Optional.empty()));
        }
      }
      return held.isPresent() && statement.getMoreResults()
          ? Optional.of(withPart(held.get(), statement))
          : held;
    }
  }

  private static Held withPart(Held held, PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.getResultSet()) {
      Optional<TickPart> part =
          row.next()
              ? Optional.of(new TickPart(row.getLong(1), row.getLong(2), row.getLong(3)))
              : Optional.empty();
      return new Held(
          held.completed(),
          held.going(),
          held.provider(),
          part.filter(stored -> stored.previousTick() == held.completed()));
    }
  }

  /** True when this database has a place for positions inside a tick. */
  boolean knowsParts(Connection local) throws SQLException {
    Boolean known = knowsParts;
    if (known == null) {
      known = TickPart.areKept(local);
      knowsParts = known;
    }
    return known;
  }

  /** Holds the position until the transaction ends. Never says CHANGED. */
  public BatchStatus hold(Connection local, Batch batch) throws SQLException {
    return standing(
        batch, lock(local).orElseThrow(() -> new UnknownConsumer(queue, consumer)).completed());
  }

  /** As {@link #hold}, for a worker that takes itself for running, and for a child of provider. */
  BatchStatus holdAsSeen(Connection local, Batch batch, String provider) throws SQLException {
    Held held = lock(local).orElseThrow(() -> new UnknownConsumer(queue, consumer));
    part = held.part();
    return held.going() && held.provider().equals(provider)
        ? standing(batch, held.completed())
        : BatchStatus.CHANGED;
  }

  private BatchStatus standing(Batch batch, long completed) {
    if (completed == batch.previousTick() && isSame(completed, batch.previousTime())) {
      return BatchStatus.NEXT;
    }
    if (completed == batch.currentTick() && isSame(completed, batch.currentTime())) {
      return BatchStatus.ALREADY_APPLIED;
    }
    throw new LostPosition(queue, batch, completed, timeOf(completed));
  }

  /** A provider that was restored from a backup gives the numbers of lost ticks to other ones. */
  private boolean isSame(long completed, Instant time) {
    return timeOf(completed).map(time::equals).orElse(true);
  }

  /** When the tick was made, if this process has completed it. */
  private Optional<Instant> timeOf(long completed) {
    Completed known = last;
    return known == null || known.tick() != completed
        ? Optional.empty()
        : Optional.of(known.time());
  }

  /** Where {@link #holdAsSeen} has found the consumer inside the next tick, if it was there. */
  Optional<TickPart> part() {
    return part;
  }

  /**
   * Holds the position until the transaction ends, if it still is at {@code tick} and not inside
   * the next: what is decided by what a node has completed is decided in this transaction, or a
   * batch whose commit was not seen yet might contradict it.
   */
  public boolean holdAt(Connection local, long tick) throws SQLException {
    return lock(local)
        .filter(held -> held.completed() == tick && held.part().isEmpty())
        .isPresent();
  }

  /** As {@link #holdAt}, also when the node stands inside the next tick. */
  public boolean holdAfter(Connection local, long tick) throws SQLException {
    return lock(local).filter(held -> held.completed() == tick).isPresent();
  }

  /** In the transaction of {@link #hold}, after the batch's last event. */
  public void complete(Connection local, Batch batch) throws SQLException {
    if (part.isPresent()) {
      TickPart.delete(local, queue, consumer);
    }
    NodeFunctions.setConsumerCompleted(local, queue, consumer, batch.currentTick()).orThrow();
    last = new Completed(batch.currentTick(), batch.currentTime());
  }

  /**
   * In the transaction of {@link #holdAsSeen}, after an event that is not the batch's last. The
   * error stays, and tells of the part.
   */
  void completePart(Connection local, TickPart applied, String error) throws SQLException {
    applied.store(local, queue, consumer);
    NodeFunctions.setConsumerError(local, queue, consumer, error.isEmpty() ? null : error)
        .orThrow();
  }
}

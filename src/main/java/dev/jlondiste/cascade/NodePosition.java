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
 * data. This is why a batch is applied exactly once: a worker must first lock the row and find the
 * tick at which the batch starts, so neither a second worker nor a lost commit reply can apply the
 * batch again. Used by one thread.
 */
public final class NodePosition {
  /**
   * The time of a tick that is made for a position whose tick is lost with the nodes that had it.
   */
  public static final Instant UNKNOWN_TIME = Instant.EPOCH;

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
  private @Nullable Boolean canStoreParts;
  private Optional<TickPart> part = Optional.empty();
  private @Nullable Completed last;

  public NodePosition(String queue, String consumer) {
    this.queue = queue;
    this.consumer = consumer;
  }

  /** The status of a batch in relation to the position. */
  public enum BatchStatus {
    NEXT,
    ALREADY_APPLIED,
    /** The consumer was paused or its provider was changed since the worker read its state. */
    CHANGED
  }

  /** A tick with its time, because a provider that was restored can assign its number again. */
  private record Completed(long tick, Instant time) {}

  private record Held(
      long completed, boolean isRunning, String provider, Optional<TickPart> part) {}

  /**
   * Runs two statements in one round trip. The second begins when the first has the lock, and so
   * sees what the previous holder of the lock has committed.
   */
  private Optional<Held> lock(Connection local) throws SQLException {
    boolean both = canStoreParts(local);
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
          held.isRunning(),
          held.provider(),
          part.filter(stored -> stored.previousTick() == held.completed()));
    }
  }

  /** True if this database can store positions inside a tick. */
  boolean canStoreParts(Connection local) throws SQLException {
    Boolean known = canStoreParts;
    if (known == null) {
      known = TickPart.areKept(local);
      canStoreParts = known;
    }
    return known;
  }

  /** Locks the position until the transaction ends. Never returns {@code CHANGED}. */
  public BatchStatus hold(Connection local, Batch batch) throws SQLException {
    return statusOf(
        batch, lock(local).orElseThrow(() -> new UnknownConsumer(queue, consumer)).completed());
  }

  /**
   * As {@link #hold}, but returns {@code CHANGED} if the consumer is paused or its provider is not
   * {@code provider}.
   */
  BatchStatus holdAsSeen(Connection local, Batch batch, String provider) throws SQLException {
    Held held = lock(local).orElseThrow(() -> new UnknownConsumer(queue, consumer));
    part = held.part();
    return held.isRunning() && held.provider().equals(provider)
        ? statusOf(batch, held.completed())
        : BatchStatus.CHANGED;
  }

  private BatchStatus statusOf(Batch batch, long completed) {
    if (completed == batch.previousTick() && isSame(completed, batch.previousTime())) {
      return BatchStatus.NEXT;
    }
    if (completed == batch.currentTick() && isSame(completed, batch.currentTime())) {
      return BatchStatus.ALREADY_APPLIED;
    }
    throw new LostPosition(queue, batch, completed, timeOf(completed));
  }

  /** A provider that was restored from a backup assigns the numbers of lost ticks to new ticks. */
  private boolean isSame(long completed, Instant time) {
    return time.equals(UNKNOWN_TIME) || timeOf(completed).map(time::equals).orElse(true);
  }

  /** The time of the tick, if this process has completed it. */
  private Optional<Instant> timeOf(long completed) {
    Completed known = last;
    return known == null || known.tick() != completed
        ? Optional.empty()
        : Optional.of(known.time());
  }

  /** True if this process has completed the tick, so that it knows the tick by its time as well. */
  boolean hasCompleted(long tick) {
    return timeOf(tick).isPresent();
  }

  /**
   * The position inside the next tick that {@link #holdAsSeen} has found; empty if there is none.
   */
  Optional<TickPart> part() {
    return part;
  }

  /**
   * Locks the position until the transaction ends, and returns true if it is at {@code tick} and
   * not inside the next. A decision that depends on the completed tick must be made in this
   * transaction, because a concurrent batch may otherwise commit after it.
   */
  public boolean holdAt(Connection local, long tick) throws SQLException {
    return lock(local)
        .filter(held -> held.completed() == tick && held.part().isEmpty())
        .isPresent();
  }

  /** As {@link #holdAt}, but also true if the node is inside the next tick. */
  public boolean holdAfter(Connection local, long tick) throws SQLException {
    return lock(local).filter(held -> held.completed() == tick).isPresent();
  }

  /**
   * Waits until no batch is being applied. A batch that begins later reads the states of tables
   * that were committed before this call.
   */
  public void awaitBatch(Connection local) throws SQLException {
    lock(local);
  }

  /**
   * Stores the batch's tick as completed. Call it in the transaction of {@link #hold}, after the
   * batch's last event.
   */
  public void complete(Connection local, Batch batch) throws SQLException {
    if (part.isPresent()) {
      TickPart.delete(local, queue, consumer);
    }
    NodeFunctions.setConsumerCompleted(local, queue, consumer, batch.currentTick()).orThrow();
    last = new Completed(batch.currentTick(), batch.currentTime());
  }

  /**
   * Stores a position inside the tick. Call it in the transaction of {@link #holdAsSeen}, after an
   * event that is not the batch's last. The stored error stays and names the part.
   */
  void completePart(Connection local, TickPart applied, String error) throws SQLException {
    applied.store(local, queue, consumer);
    NodeFunctions.setConsumerError(local, queue, consumer, error.isEmpty() ? null : error)
        .orThrow();
  }
}

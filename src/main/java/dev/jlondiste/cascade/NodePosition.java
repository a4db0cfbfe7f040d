package dev.jlondiste.cascade;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.Batch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The tick a consumer has completed, stored in the database it writes to and committed with the
 * data. That makes a batch apply exactly once: whoever wants to apply it must first hold the row
 * and find the tick the batch starts at, so neither a second worker nor a lost commit reply can
 * apply it again.
 */
public final class NodePosition {
  private static final String LOCK =
      """
      select last_tick_id, uptodate and not paused as going, provider_node
        from pgq_node.local_state
       where queue_name = ? and consumer_name = ?
         for update
      """;

  private final String queue;
  private final String consumer;

  public NodePosition(String queue, String consumer) {
    this.queue = queue;
    this.consumer = consumer;
  }

  /** How a batch relates to the position. */
  public enum Standing {
    NEXT,
    ALREADY_APPLIED,
    /** Somebody has paused the consumer or given it another provider, and it did not see that. */
    CHANGED
  }

  private record Held(long completed, boolean going, String provider) {}

  private Optional<Held> lock(Connection local) throws SQLException {
    return Sql.first(
        local,
        LOCK,
        row -> new Held(row.getLong(1), row.getBoolean(2), row.getString(3)),
        queue,
        consumer);
  }

  /** Holds the position until the transaction ends. Never says CHANGED. */
  public Standing hold(Connection local, Batch batch) throws SQLException {
    return standing(
        batch, lock(local).orElseThrow(() -> new UnknownConsumer(queue, consumer)).completed());
  }

  /** As {@link #hold}, for a worker that takes itself for running, and for a child of provider. */
  Standing holdAsSeen(Connection local, Batch batch, String provider) throws SQLException {
    Held held = lock(local).orElseThrow(() -> new UnknownConsumer(queue, consumer));
    return held.going() && held.provider().equals(provider)
        ? standing(batch, held.completed())
        : Standing.CHANGED;
  }

  private Standing standing(Batch batch, long completed) {
    if (completed == batch.previousTick()) {
      return Standing.NEXT;
    }
    if (completed == batch.currentTick()) {
      return Standing.ALREADY_APPLIED;
    }
    throw new LostPosition(queue, batch, completed);
  }

  /**
   * Holds the position until the transaction ends, if it still is at {@code tick}: whoever decides
   * something by what a node has completed does it in this transaction, or a batch whose commit was
   * not seen yet might contradict him.
   */
  public boolean holdAt(Connection local, long tick) throws SQLException {
    return lock(local).filter(held -> held.completed() == tick).isPresent();
  }

  /** In the transaction of {@link #hold}, after the batch's last event. */
  public void complete(Connection local, Batch batch) throws SQLException {
    NodeFunctions.setConsumerCompleted(local, queue, consumer, batch.currentTick()).orThrow();
  }
}

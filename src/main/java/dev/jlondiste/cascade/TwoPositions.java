package dev.jlondiste.cascade;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The position of a node as the node and as its provider have stored it, if the two differ, and the
 * repair: {@code --rewind} if the provider still has the tick, otherwise {@code --reset} and new
 * copies of the tables.
 *
 * @param completed the last tick that this node has applied
 * @param position the position that the provider has stored; empty if the node's worker is not
 *     registered there
 * @param newest the provider's newest tick
 * @param completedThere time of the tick with the number {@code completed} on the provider
 */
record TwoPositions(
    long completed, OptionalLong position, long newest, Optional<Instant> completedThere) {
  /**
   * The order is required: a running worker would apply changes that the copied tables already
   * contain.
   */
  static final String COPY_AGAIN =
      "stop the worker, 'worker --reset', 'resync --all', start the worker";

  private static final String TICK_TIME =
      """
      select t.tick_time
        from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ? and t.tick_id = ?
      """;

  static TwoPositions of(Connection provider, String queue, String consumer, long completed)
      throws SQLException {
    return new TwoPositions(
        completed,
        PgqFunctions.consumerPosition(provider, queue, consumer),
        PgqFunctions.lastTick(provider, queue).orElse(0),
        Sql.first(
            provider,
            TICK_TIME,
            row -> row.getObject(1, OffsetDateTime.class).toInstant(),
            queue,
            completed));
  }

  /**
   * True if this node has applied changes that the provider has not recorded as delivered, or has
   * lost.
   */
  boolean isAhead() {
    return completed > position.orElse(0);
  }

  /**
   * True if the provider has only lost the record of finished batches: it does not wait for its
   * disk when a batch is finished, so a crash can lose that. The tick must be the same tick, not a
   * new one with the same number.
   */
  boolean isLostOnProvider(Optional<Instant> completedTime) {
    return isAhead() && completedTime.isPresent() && completedTime.equals(completedThere);
  }

  /** Explains the difference and gives the commands that repair it. */
  String advice(Optional<Instant> completedTime) {
    boolean replaced = completedTime.isPresent() && !completedTime.equals(completedThere);
    if (completedThere.isEmpty() || replaced) {
      return missing() + "; " + COPY_AGAIN;
    }
    return isAhead()
        ? "the provider has recorded tick %d for this node, and has tick %d of %s; 'worker --rewind'"
                .formatted(position.orElse(0), completed, completedThere.get())
            + " moves its position there. If the provider was restored from a backup, that tick may be"
            + " another one: then "
            + COPY_AGAIN
        : "this database is behind what the provider has delivered, was it restored from a backup?"
            + " 'worker --rewind' has the events since then delivered again";
  }

  /** Explains why the provider does not have the tick of this node. */
  String missing() {
    if (completed > newest) {
      return "tick %d is not on the provider, whose newest is %d: it was restored from a backup, or lost"
              .formatted(completed, newest)
          + " its last transactions in a crash; the last tick that both are known to have is "
          + position.orElse(0);
    }
    return isAhead() || completedThere.isPresent()
        ? "the provider has another tick %d than this node, or none: it was restored from a backup, or"
                .formatted(completed)
            + " lost transactions in a crash; what both are known to have ends with "
            + (isAhead() ? "tick " + position.orElse(0) : "a tick before it")
        : "the provider keeps tick %d and the events after it no longer, and has delivered up to tick %d"
            .formatted(completed, position.orElse(0));
  }
}

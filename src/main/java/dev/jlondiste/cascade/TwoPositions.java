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
 * Where a node stands by its own account and by its provider's, after the two have come apart, and
 * what can be done: {@code --rewind} where the provider still has the tick, {@code --reset} and new
 * copies of the tables where it has not.
 *
 * @param completed the tick that this node has applied last
 * @param position where the provider takes it to be; empty when it does not know it
 * @param newest the provider's newest tick
 * @param completedThere when the provider has made the tick of the number {@code completed}
 */
record TwoPositions(
    long completed, OptionalLong position, long newest, Optional<Instant> completedThere) {
  /** The order matters: a running worker would apply changes that the tables have already. */
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

  /** This node has changes that the provider takes for not delivered, or does not have. */
  boolean isAhead() {
    return completed > position.orElse(0);
  }

  /**
   * The provider has only forgotten that batches were finished: it does not wait for its disk then,
   * and a crash may come first. The tick must be the very same, not one that got its number.
   */
  boolean isForgotten(Optional<Instant> completedTime) {
    return isAhead() && completedTime.isPresent() && completedTime.equals(completedThere);
  }

  /** What has happened, and which commands help. */
  String advice(Optional<Instant> completedTime) {
    boolean replaced = completedTime.isPresent() && !completedTime.equals(completedThere);
    if (completedThere.isEmpty() || replaced) {
      return missing() + "; " + COPY_AGAIN;
    }
    return isAhead()
        ? "the provider takes this node to be at tick %d, and has tick %d of %s; 'worker --rewind'"
                .formatted(position.orElse(0), completed, completedThere.get())
            + " moves its position there. If the provider was restored from a backup, that tick may be"
            + " another one: then "
            + COPY_AGAIN
        : "this database is behind what the provider has delivered, was it restored from a backup?"
            + " 'worker --rewind' has the events since then delivered again";
  }

  /** Why the provider does not have the tick of this node. */
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

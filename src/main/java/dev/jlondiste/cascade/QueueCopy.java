package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventWriter;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Copies the provider's queue to a branch: all events with their ids in the batch's transaction,
 * then the tick in a transaction of its own. The tick must come second, because its snapshot must
 * see the events.
 */
final class QueueCopy {
  private final String queue;
  private long highestEventId;

  QueueCopy(String queue) {
    this.queue = queue;
  }

  /** Returns a writer for one transaction. */
  EventWriter open(Connection local) throws SQLException {
    return new EventWriter(local, queue, true);
  }

  void write(EventWriter writer, Event event, boolean raw) throws SQLException {
    writer.write(event, raw);
    highestEventId = Math.max(highestEventId, event.id());
  }

  /**
   * Creates the batch's tick unless it exists. After a crash between the two transactions the
   * newest local tick is still the previous tick; any other tick means that another program has
   * changed the queue.
   */
  void tick(Connection local, Batch batch) throws SQLException {
    OptionalLong newest = PgqFunctions.lastTick(local, queue);
    if (newest.isPresent() && newest.getAsLong() == batch.currentTick()) {
      return;
    }
    if (newest.isEmpty() || newest.getAsLong() > batch.currentTick()) {
      throw new IllegalStateException(
          "queue "
              + queue
              + ": newest local tick is "
              + newest
              + ", expected "
              + batch.previousTick()
              + " before tick "
              + batch.currentTick());
    }
    PgqFunctions.tickFromOutside(
        local,
        queue,
        batch.currentTick(),
        batch.currentTime(),
        Math.max(highestEventId, batch.currentEventSeq()));
  }
}

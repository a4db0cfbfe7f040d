package dev.jlondiste.companion;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.PgqExtFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * The last tick whose events are in the destination, as the programs of Skytools store it, so that
 * either can continue where the other has stopped.
 */
record TickPosition(String consumer) {
  /**
   * Returns false if the batch is the next one after the position, true if its events are in the
   * destination already; fails if events between would be left out or repeated.
   */
  boolean isDone(Connection destination, Batch batch) throws SQLException {
    OptionalLong last = PgqExtFunctions.lastTick(destination, consumer);
    if (last.isEmpty() || last.getAsLong() == batch.previousTick()) {
      return false;
    }
    if (last.getAsLong() == batch.currentTick()) {
      return true;
    }
    throw new UserError(
        "Lost position: batch %d..%d, dst has %d"
            .formatted(batch.previousTick(), batch.currentTick(), last.getAsLong()),
        "was one of the databases restored from a backup? --rewind continues at the destination's"
            + " position, --reset at that of the queue, which skips or repeats events");
  }

  void complete(Connection destination, Batch batch) throws SQLException {
    PgqExtFunctions.setLastTick(destination, consumer, batch.currentTick());
  }
}

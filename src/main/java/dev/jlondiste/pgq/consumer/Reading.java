package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.EventReader;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a queue.
 *
 * @param fetchSize events in memory at a time
 * @param filter SQL condition over the {@code ev_*} columns; null for all events
 */
record Reading(BatchLimits wish, int fetchSize, @Nullable String filter) {
  /** Needs the transaction until the batch is read. */
  BatchEvents open(Connection queueDb, Batch batch) throws SQLException {
    return new BatchEvents(EventReader.open(queueDb, batch, fetchSize, filter));
  }
}

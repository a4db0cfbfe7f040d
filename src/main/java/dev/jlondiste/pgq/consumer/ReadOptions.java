package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.EventReader;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer reads its queue.
 *
 * @param fetchSize number of events in memory at a time
 * @param filter SQL condition over the {@code ev_*} columns; null for all events
 */
record ReadOptions(BatchLimits limits, int fetchSize, @Nullable String filter) {
  /** Opens the events of the batch. The transaction must stay open until they have been read. */
  BatchEvents open(Connection queueDb, Batch batch) throws SQLException {
    return new BatchEvents(EventReader.open(queueDb, batch, fetchSize, filter));
  }
}

package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.PgqExtFunctions;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one batch that the handler wants to retry. They are inserted into the retry queue
 * in the transaction that finishes the batch. If the handler's writes commit earlier in another
 * database, a mark for each retry commits with them: without it a crash between the two commits
 * would lose the retry, because the batch is not handled again.
 */
final class Retries {
  /** The list of {@code pgq_ext} events that contains the marks. */
  private static final String PART = "retry";

  /** A call that inserts an event into the retry queue. */
  private interface Call {
    void run(Connection queueDb) throws SQLException;
  }

  private final Batch batch;
  private final Map<Long, Call> calls = new LinkedHashMap<>();

  Retries(Batch batch) {
    this.batch = batch;
  }

  void add(Event event, Duration after) {
    add(event.id(), after);
  }

  void add(Event event, Instant at) {
    long id = event.id();
    calls.put(id, queueDb -> PgqFunctions.eventRetry(queueDb, batch.id(), id, at));
  }

  private void add(long id, Duration after) {
    calls.put(id, queueDb -> PgqFunctions.eventRetry(queueDb, batch.id(), id, after));
  }

  void addAll(Retries others) {
    calls.putAll(others.calls);
  }

  /** Adds those of the events that a transaction of the target has marked, with no delay. */
  void recover(Connection target, String position, List<Long> events) throws SQLException {
    for (long id : PgqExtFunctions.eventsDone(target, position, PART, batch.id(), events)) {
      add(id, Duration.ZERO);
    }
  }

  void markIn(Connection target, String position) throws SQLException {
    for (long id : calls.keySet()) {
      PgqExtFunctions.setEventDone(target, position, PART, batch.id(), id);
    }
  }

  void send(Connection queueDb) throws SQLException {
    for (Call call : calls.values()) {
      call.run(queueDb);
    }
  }
}

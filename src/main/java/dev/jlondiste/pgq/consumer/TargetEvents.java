package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.PgqExtFunctions;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Each event has a transaction of the target with the handler's writes and the mark that the event
 * is done. An interrupted batch continues after its last committed event. The lock and the check
 * that the batch is open are as in {@link TargetTransaction}, but for every event, because the lock
 * ends with the event's commit.
 */
record TargetEvents(
    DataSource targetDatabase,
    String position,
    ConsumerLock lock,
    ReadOptions readOptions,
    EventHandler handler)
    implements Commitment {
  /** The list of {@code pgq_ext} events that contains the handled ones: the default list. */
  private static final String PART = "";

  @Override
  public ConsumerSession open(DataSource queueDatabase) throws SQLException {
    return ConsumerSession.readingCommitted(queueDatabase);
  }

  @Override
  public DeliveryResult deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    if (!PgqFunctions.isOpen(queueDb, batch.id())) {
      return DeliveryResult.NOT_OPEN;
    }
    BatchEvents events = readOptions.open(queueDb, batch);
    Retries retries = new Retries(batch);
    try (ConsumerSession session = ConsumerSession.open(targetDatabase)) {
      Connection target = session.connection();
      for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
        if (!lock.tryHold(target)) {
          return DeliveryResult.STANDBY;
        }
        if (!PgqFunctions.isOpen(queueDb, batch.id())) {
          return DeliveryResult.NOT_OPEN;
        }
        deliver(next.get(), batch, target, retries);
      }
    }
    return Commitment.finish(batch, retries, queueDb)
        ? DeliveryResult.done(events.count())
        : DeliveryResult.NOT_OPEN;
  }

  private void deliver(Event event, Batch batch, Connection target, Retries retries)
      throws SQLException, InterruptedException {
    if (!PgqExtFunctions.setEventDone(target, position, PART, batch.id(), event.id())) {
      retries.recover(target, position, List.of(event.id()));
      target.rollback();
      return;
    }
    Retries own = new Retries(batch);
    HandlerTransaction transaction = new HandlerTransaction(target);
    Handlers.run(handler, event, new HandlerDelivery(batch, transaction.connection(), own));
    own.markIn(target, position);
    transaction.verifyIntact();
    target.commit();
    retries.addAll(own);
  }
}

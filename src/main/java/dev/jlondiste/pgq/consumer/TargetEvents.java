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
 * Each event is a transaction of the target: what the handler writes, and the mark that the event
 * is done. A batch that was left in the middle goes on where it was left. Lock and question to the
 * queue as in {@link TargetTransaction}, for every event, because the lock ends with its commit.
 */
record TargetEvents(
    DataSource targetDatabase,
    String position,
    ConsumerLock lock,
    Reading reading,
    EventHandler handler)
    implements Commitment {
  /** Which list of a consumer's done events says "handled": the one it has by default. */
  private static final String PART = "";

  @Override
  public ConsumerSession open(DataSource queueDatabase) throws SQLException {
    return ConsumerSession.readingCommitted(queueDatabase);
  }

  @Override
  public Delivered deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    if (!PgqFunctions.isOpen(queueDb, batch.id())) {
      return Delivered.OVER;
    }
    BatchEvents events = reading.open(queueDb, batch);
    Retries retries = new Retries(batch);
    try (ConsumerSession session = ConsumerSession.open(targetDatabase)) {
      Connection target = session.connection();
      for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
        if (!lock.tryHold(target)) {
          return Delivered.STANDBY;
        }
        if (!PgqFunctions.isOpen(queueDb, batch.id())) {
          return Delivered.OVER;
        }
        deliver(next.get(), batch, target, retries);
      }
    }
    return Commitment.finish(batch, retries, queueDb)
        ? Delivered.done(events.count())
        : Delivered.OVER;
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
    Handlers.run(handler, event, new LentDelivery(batch, transaction.connection(), own));
    own.markIn(target, position);
    transaction.takeBack();
    target.commit();
    retries.addAll(own);
  }
}

package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * One transaction of the queue's database holds what the handler writes and the end of the batch,
 * so both happen or neither. Whoever finishes a batch second is told so and rolls back; the lock is
 * there so that it does not come to that, and handlers with other effects do not run side by side.
 */
record QueueTransaction(ConsumerLock lock, Reading reading, BatchHandler handler)
    implements Commitment {
  @Override
  public ConsumerSession open(DataSource queueDatabase) throws SQLException {
    return ConsumerSession.open(queueDatabase); // the isolation is the handler's affair
  }

  @Override
  public Delivered deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    if (!lock.tryHold(queueDb)) {
      return Delivered.STANDBY;
    }
    if (!PgqFunctions.isOpen(queueDb, batch.id())) {
      return Delivered.OVER;
    }
    BatchEvents events = reading.open(queueDb, batch);
    Retries retries = new Retries(batch);
    HandlerTransaction transaction = new HandlerTransaction(queueDb);
    Handlers.run(handler, events, new LentDelivery(batch, transaction.connection(), retries));
    transaction.takeBack();
    return Commitment.finish(batch, retries, queueDb)
        ? Delivered.done(events.count())
        : Delivered.OVER;
  }
}

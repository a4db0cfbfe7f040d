package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * One transaction of the queue's database contains the handler's writes and the finish of the
 * batch, so they commit together. The second process that finishes a batch gets an error code and
 * rolls back. The lock avoids this case, and prevents handlers with other effects from running
 * concurrently.
 */
record QueueTransaction(ConsumerLock lock, ReadOptions readOptions, BatchHandler handler)
    implements Commitment {
  @Override
  public ConsumerSession open(DataSource queueDatabase) throws SQLException {
    return ConsumerSession.open(queueDatabase); // the application chooses the isolation level
  }

  @Override
  public DeliveryResult deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    if (!lock.tryHold(queueDb)) {
      return DeliveryResult.STANDBY;
    }
    if (!PgqFunctions.isOpen(queueDb, batch.id())) {
      return DeliveryResult.NOT_OPEN;
    }
    BatchEvents events = readOptions.open(queueDb, batch);
    Retries retries = new Retries(batch);
    HandlerTransaction transaction = new HandlerTransaction(queueDb);
    Handlers.run(handler, events, new HandlerDelivery(batch, transaction.connection(), retries));
    transaction.verifyIntact();
    return Commitment.finish(batch, retries, queueDb)
        ? DeliveryResult.done(events.count())
        : DeliveryResult.NOT_OPEN;
  }
}

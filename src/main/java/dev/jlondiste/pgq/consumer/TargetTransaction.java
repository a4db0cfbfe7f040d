package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.PgqExtFunctions;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * One transaction of the target contains the handler's writes and the mark that the batch is done;
 * the batch is finished in the queue afterwards. If that fails, the queue returns the batch again,
 * and the mark shows that it was handled.
 *
 * <p>{@code pgq_ext} stores only the last batch. A delayed process may still have a batch that
 * another process finished long ago, and find no mark for it. The steps are therefore: (1) acquire
 * the lock in the target's transaction; (2) check that the batch is open in the queue. While this
 * process holds the lock, no other process handles a batch. While the batch is open, there is no
 * later batch, so a mark of this batch cannot have been overwritten.
 */
record TargetTransaction(
    DataSource targetDatabase,
    String position,
    ConsumerLock lock,
    ReadOptions readOptions,
    BatchHandler handler)
    implements Commitment {
  private static final int CHUNK = 1000;

  @Override
  public ConsumerSession open(DataSource queueDatabase) throws SQLException {
    return ConsumerSession.readingCommitted(queueDatabase);
  }

  @Override
  public DeliveryResult deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    try (ConsumerSession session = ConsumerSession.open(targetDatabase)) {
      Connection target = session.connection();
      if (!lock.tryHold(target)) {
        return DeliveryResult.STANDBY;
      }
      if (!PgqFunctions.isOpen(queueDb, batch.id())) {
        return DeliveryResult.NOT_OPEN;
      }
      BatchEvents events = readOptions.open(queueDb, batch);
      Retries retries = new Retries(batch);
      if (PgqExtFunctions.setBatchDone(target, position, batch.id())) {
        HandlerTransaction transaction = new HandlerTransaction(target);
        Handlers.run(
            handler, events, new HandlerDelivery(batch, transaction.connection(), retries));
        retries.markIn(target, position);
        transaction.verifyIntact();
        target.commit();
      } else {
        recover(retries, events, target);
      }
      return Commitment.finish(batch, retries, queueDb)
          ? DeliveryResult.done(events.count())
          : DeliveryResult.NOT_OPEN;
    }
  }

  /** Collects the retries of a batch that was handled but not finished in the queue. */
  private void recover(Retries retries, BatchEvents events, Connection target)
      throws SQLException, InterruptedException {
    List<Long> ids = new ArrayList<>(CHUNK);
    for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
      ids.add(next.get().id());
      if (ids.size() == CHUNK) {
        retries.recover(target, position, ids);
        ids.clear();
      }
    }
    retries.recover(target, position, ids);
  }
}

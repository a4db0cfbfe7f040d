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
 * One transaction of the target holds what the handler writes and the mark that the batch is done;
 * the queue is told afterwards. If that is lost, the queue offers the batch again, and the mark
 * says that it was handled.
 *
 * <p>{@code pgq_ext} remembers the last batch only. So a process that was held up could come with a
 * batch which others have finished long ago, and find no mark of it. Therefore, in this order: hold
 * the lock in the target's transaction, then ask the queue whether the batch is open. Nobody else
 * handles anything while we have the lock; and as long as a batch is open no later one exists, so
 * the mark, if there is one, is this batch's.
 */
record TargetTransaction(
    DataSource targetDatabase,
    String position,
    ConsumerLock lock,
    Reading reading,
    BatchHandler handler)
    implements Commitment {
  private static final int CHUNK = 1000;

  @Override
  public ConsumerSession open(DataSource queueDatabase) throws SQLException {
    return ConsumerSession.readingCommitted(queueDatabase);
  }

  @Override
  public Delivered deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    try (ConsumerSession session = ConsumerSession.open(targetDatabase)) {
      Connection target = session.connection();
      if (!lock.tryHold(target)) {
        return Delivered.STANDBY;
      }
      if (!PgqFunctions.isOpen(queueDb, batch.id())) {
        return Delivered.OVER;
      }
      BatchEvents events = reading.open(queueDb, batch);
      Retries retries = new Retries(batch);
      if (PgqExtFunctions.setBatchDone(target, position, batch.id())) {
        HandlerTransaction transaction = new HandlerTransaction(target);
        Handlers.run(handler, events, new LentDelivery(batch, transaction.connection(), retries));
        retries.markIn(target, position);
        transaction.takeBack();
        target.commit();
      } else {
        recover(retries, events, target);
      }
      return Commitment.finish(batch, retries, queueDb)
          ? Delivered.done(events.count())
          : Delivered.OVER;
    }
  }

  /** The batch was handled, and the queue does not know yet: nor does it know what was put off. */
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

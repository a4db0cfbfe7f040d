package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** How the effect of a batch and the consumer's position come to be committed. */
sealed interface Commitment permits QueueTransaction, TargetTransaction, TargetEvents {
  /** A session of the queue's database, for looking for a batch and for delivering it. */
  ConsumerSession open(DataSource queueDatabase) throws SQLException;

  /**
   * Delivers the batch and finishes it. Whatever is thrown, nothing of the handler's writes since
   * the last commit stays.
   *
   * @param queueDb in no transaction
   */
  Delivered deliver(Batch batch, Connection queueDb) throws SQLException, InterruptedException;

  /** Tells the queue; false, and rolled back, when the batch was not open any more. */
  static boolean finish(Batch batch, Retries retries, Connection queueDb) throws SQLException {
    retries.tell(queueDb);
    if (!PgqFunctions.finishBatch(queueDb, batch.id())) {
      queueDb.rollback();
      return false;
    }
    queueDb.commit();
    return true;
  }
}

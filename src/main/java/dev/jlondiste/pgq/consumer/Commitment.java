package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A protocol that commits the effect of a batch and the consumer's position. */
sealed interface Commitment permits QueueTransaction, TargetTransaction, TargetEvents {
  /** Opens a session of the queue's database to open and deliver a batch. */
  ConsumerSession open(DataSource queueDatabase) throws SQLException;

  /**
   * Delivers the batch and finishes it. If it throws, the handler's writes since the last commit
   * are rolled back.
   *
   * @param queueDb must not be in a transaction
   */
  DeliveryResult deliver(Batch batch, Connection queueDb) throws SQLException, InterruptedException;

  /** Finishes the batch and commits; rolls back and returns false if it is no longer open. */
  static boolean finish(Batch batch, Retries retries, Connection queueDb) throws SQLException {
    retries.send(queueDb);
    if (!PgqFunctions.finishBatch(queueDb, batch.id())) {
      queueDb.rollback();
      return false;
    }
    queueDb.commit();
    return true;
  }
}

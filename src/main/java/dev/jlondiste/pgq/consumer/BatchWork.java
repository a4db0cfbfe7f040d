package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of a consumer: opens the next batch, if any, and delivers it. Called by one thread only.
 */
final class BatchWork implements Work {
  private static final Logger log = LoggerFactory.getLogger(BatchWork.class);

  private final ConsumerName name;
  private final DataSource queueDatabase;
  private final Registration registration;
  private final ReadOptions readOptions;
  private final Commitment commitment;
  private final ConsumerListener listener;
  private final ConsumerLock lock;
  private boolean isRegistered;
  private boolean isStandbyLogged;

  BatchWork(
      ConsumerName name,
      DataSource queueDatabase,
      Registration registration,
      ReadOptions readOptions,
      Commitment commitment,
      ConsumerListener listener) {
    this.name = name;
    this.queueDatabase = queueDatabase;
    this.registration = registration;
    this.readOptions = readOptions;
    this.commitment = commitment;
    this.listener = listener;
    this.lock = ConsumerLock.of("consumer", name.toString());
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    try (ConsumerSession session = commitment.open(queueDatabase)) {
      Connection queueDb = session.connection();
      // Two processes must not register the consumer or open a batch at the same time.
      if (!lock.tryHold(queueDb)) {
        return standBy();
      }
      if (!isRegistered) {
        registration.in(queueDb, name.queue(), name.consumer());
      }
      Optional<Batch> next =
          PgqFunctions.nextBatch(queueDb, name.queue(), name.consumer(), readOptions.limits());
      queueDb.commit();
      isRegistered = true;
      return next.isEmpty() ? Outcome.IDLE : deliver(next.get(), queueDb);
    }
  }

  private Outcome deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    long start = System.nanoTime();
    DeliveryResult result = attempt(batch, queueDb);
    return switch (result.kind()) {
      case STANDBY -> standBy();
      case NOT_OPEN -> {
        log.info("{}: batch {} was finished or dropped by another session", name, batch.id());
        yield Outcome.BUSY;
      }
      case DONE -> {
        isStandbyLogged = false;
        listener.batchDone(batch, result.events(), Duration.ofNanos(System.nanoTime() - start));
        yield Outcome.BUSY;
      }
    };
  }

  /**
   * Another process may finish the batch between any two of our statements. That is not a failure.
   */
  private DeliveryResult attempt(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    try {
      return commitment.deliver(batch, queueDb);
    } catch (SQLException e) {
      if (isClosed(batch, queueDb, e)) {
        return DeliveryResult.NOT_OPEN;
      }
      throw e;
    }
  }

  private static boolean isClosed(Batch batch, Connection queueDb, SQLException failure) {
    try {
      queueDb.rollback();
      return !PgqFunctions.isOpen(queueDb, batch.id());
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private Outcome standBy() {
    if (!isStandbyLogged) {
      log.info("{}: another process of this consumer is active, standing by", name);
      isStandbyLogged = true;
    }
    return Outcome.IDLE;
  }
}

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

/** One step of a consumer: look for a batch, deliver it. Called by one thread only. */
final class BatchWork implements Work {
  private static final Logger log = LoggerFactory.getLogger(BatchWork.class);

  private final ConsumerName name;
  private final DataSource queueDatabase;
  private final Registration registration;
  private final Reading reading;
  private final Commitment commitment;
  private final ConsumerListener listener;
  private final ConsumerLock lock;
  private boolean registered;
  private boolean saidStandby;

  BatchWork(
      ConsumerName name,
      DataSource queueDatabase,
      Registration registration,
      Reading reading,
      Commitment commitment,
      ConsumerListener listener) {
    this.name = name;
    this.queueDatabase = queueDatabase;
    this.registration = registration;
    this.reading = reading;
    this.commitment = commitment;
    this.listener = listener;
    this.lock = ConsumerLock.of("consumer", name.toString());
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    try (ConsumerSession session = commitment.open(queueDatabase)) {
      Connection queueDb = session.connection();
      // Two that register or open a batch at the same moment could get in each other's way.
      if (!lock.tryHold(queueDb)) {
        return standBy();
      }
      if (!registered) {
        registration.in(queueDb, name.queue(), name.consumer());
      }
      Optional<Batch> next =
          PgqFunctions.nextBatch(queueDb, name.queue(), name.consumer(), reading.wish());
      queueDb.commit();
      registered = true;
      return next.isEmpty() ? Outcome.IDLE : deliver(next.get(), queueDb);
    }
  }

  private Outcome deliver(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    long begun = System.nanoTime();
    Delivered delivered = attempt(batch, queueDb);
    return switch (delivered.kind()) {
      case STANDBY -> standBy();
      case OVER -> {
        log.info("{}: batch {} was finished or withdrawn by somebody else", name, batch.id());
        yield Outcome.BUSY;
      }
      case DONE -> {
        saidStandby = false;
        listener.batchDone(batch, delivered.events(), Duration.ofNanos(System.nanoTime() - begun));
        yield Outcome.BUSY;
      }
    };
  }

  /** Another process may finish the batch between any two of our statements: that is no failure. */
  private Delivered attempt(Batch batch, Connection queueDb)
      throws SQLException, InterruptedException {
    try {
      return commitment.deliver(batch, queueDb);
    } catch (SQLException e) {
      if (isOver(batch, queueDb, e)) {
        return Delivered.OVER;
      }
      throw e;
    }
  }

  private static boolean isOver(Batch batch, Connection queueDb, SQLException failure) {
    try {
      queueDb.rollback();
      return !PgqFunctions.isOpen(queueDb, batch.id());
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private Outcome standBy() {
    if (!saidStandby) {
      log.info("{}: another process of this consumer is at work, standing by", name);
      saidStandby = true;
    }
    return Outcome.IDLE;
  }
}

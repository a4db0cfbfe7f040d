package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.pgq.TickChannel;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** Listens for ticks of the queue and wakes up the consumer. Called by one thread only. */
final class TickWatch implements Work {
  private static final Duration WAIT = Duration.ofMillis(200);

  private final DataSource queueDatabase;
  private final String queue;
  private final Runnable wake;
  private final StopSignal stop;

  TickWatch(DataSource queueDatabase, String queue, Runnable wake, StopSignal stop) {
    this.queueDatabase = queueDatabase;
    this.queue = queue;
    this.wake = wake;
    this.stop = stop;
  }

  /** Listens until the stop or until the connection is lost. */
  @Override
  public Outcome runOnce() throws SQLException {
    try (Connection db = queueDatabase.getConnection();
        TickChannel ticks = new TickChannel(db)) {
      wake.run(); // there may have been ticks before LISTEN
      while (!stop.isRequested()) {
        if (ticks.await(queue, WAIT)) {
          wake.run();
        }
      }
    }
    return Outcome.IDLE;
  }
}

package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.pgq.TickChannel;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Wakes the worker when the provider has created a tick. This is only a hint. The worker polls
 * anyway, because connection poolers drop notifications and other tickers send none. {@link
 * #runOnce} is called by one thread only.
 */
public final class TickListener implements Work {
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final int WAITS_PER_CHECK = 20;

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final Runnable wakeWorker;
  private final StopSignal stop;
  private volatile boolean mayHaveMoved;

  public TickListener(
      Supplier<NodeSettings> settings,
      Database local,
      RemoteNodes remote,
      Runnable wakeWorker,
      StopSignal stop) {
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.wakeWorker = wakeWorker;
    this.stop = stop;
  }

  /** A hint that the node's role or provider has changed; callable by any thread. */
  public void check() {
    mayHaveMoved = true;
  }

  /** Listens until the provider changes, the connection is lost, or the daemon stops. */
  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    mayHaveMoved = false;
    ConsumerState state = state();
    if (state.nodeType() == NodeType.ROOT || settings.get().consumer().autocommit()) {
      return Outcome.IDLE;
    }
    try (Connection provider = remote.at(state.providerLocation()).open()) {
      listen(provider, state);
    }
    return Outcome.BUSY;
  }

  /** A stop closes the connection, so that it does not have to wait for the next tick. */
  private void listen(Connection provider, ConsumerState state) throws SQLException {
    Runnable atStop = () -> Conversation.abort(provider);
    stop.whenRequested(atStop);
    try (TickChannel ticks = new TickChannel(provider)) {
      listen(ticks, state);
    } catch (SQLException e) {
      if (!stop.isRequested()) {
        throw e;
      }
    } finally {
      stop.forget(atStop);
    }
  }

  private void listen(TickChannel ticks, ConsumerState state) throws SQLException {
    for (int waits = 1; !stop.isRequested(); waits++) {
      if (ticks.await(settings.get().queueName(), WAIT)) {
        wakeWorker.run();
      }
      if (mayHaveMoved || waits % WAITS_PER_CHECK == 0) {
        mayHaveMoved = false;
        if (!state().providerLocation().equals(state.providerLocation())) {
          return;
        }
      }
    }
  }

  private ConsumerState state() throws SQLException {
    return local.call(
        db ->
            NodeFunctions.getConsumerState(
                db, settings.get().queueName(), settings.get().consumerName()));
  }
}

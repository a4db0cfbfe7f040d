package dev.jlondiste.cascade;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A worker in the pause after a failed batch: it looks at its row, and tries again at once when
 * that has changed. Stateless; the caller owns the transaction.
 */
public final class FailingWorker {
  private FailingWorker() {}

  /**
   * Asks the worker to try again now, if it is failing: call it in the transaction of what may have
   * repaired the cause. True when it was asked; it confirms by {@code uptodate}.
   */
  public static boolean retryNow(Connection local, String queue, String worker)
      throws SQLException {
    try {
      ConsumerState state = NodeFunctions.getConsumerState(local, queue, worker);
      return state.error().isPresent()
          && !state.paused()
          && !NodeFunctions.setConsumerUptodate(local, queue, worker, false).isRefusal();
    } catch (UnknownConsumer e) {
      return false; // no worker, no pause
    }
  }
}

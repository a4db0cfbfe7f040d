package dev.jlondiste.cascade;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A worker in the pause after a failed batch. It polls its row and retries at once when the row has
 * changed. Stateless; the caller owns the transaction.
 */
public final class FailingWorker {
  private FailingWorker() {}

  /**
   * Requests a retry if the worker is failing. Call it in the transaction that may have repaired
   * the cause. Returns true if a retry was requested; the worker confirms it by {@code uptodate}.
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

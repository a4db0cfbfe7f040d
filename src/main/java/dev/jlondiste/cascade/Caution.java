package dev.jlondiste.cascade;

import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.pgq.Batch;
import java.sql.SQLException;

/**
 * How the worker continues after a failed batch, until it has completed that batch. No failed batch
 * is repeated in the same way:
 *
 * <ol>
 *   <li>A batch of several ticks is taken tick by tick, so that the ticks before the failing tick
 *       are applied.
 *   <li>A single tick is applied statement by statement, so that the failure names its event.
 *   <li>A single tick that is too large for the server's lock table or memory is applied in parts,
 *       which get smaller after each failure.
 * </ol>
 *
 * A transient failure, such as a lost connection, has no effect here. Used by one thread only.
 */
final class Caution {
  /**
   * Up to this number of events a batch is applied statement by statement without a relevant delay.
   */
  private static final long MAX_SMALL_BATCH = 2_000;

  private long until = Long.MIN_VALUE;
  private long mergedBatch = Long.MIN_VALUE;
  private boolean careful;
  private boolean carefulThroughout;
  private int partEvents;

  /** True until the failed batch is completed. */
  boolean isActive() {
    return until != Long.MIN_VALUE;
  }

  /** True if a batch may have only one tick. */
  boolean isTickByTick() {
    return isActive();
  }

  /** True if the worker has to send single statements, so that the failing event is known. */
  boolean isCareful() {
    return careful;
  }

  /** Number of events in each part of a tick; 0: the tick is applied as a whole. */
  int partEvents() {
    return partEvents;
  }

  /** True for the batch of several ticks that failed: it has to be reopened with one tick. */
  boolean isToBeReopened(Batch batch) {
    return batch.id() == mergedBatch;
  }

  /**
   * Records that a batch failed.
   *
   * @param handled events that were handled before the failure
   */
  void failed(Exception failure, Batch batch, long handled) {
    boolean tooLarge = failure instanceof SQLException e && SqlFaults.isTooLarge(e);
    if (!tooLarge && failure instanceof SQLException e && SqlFaults.isTransient(e)) {
      return;
    }
    boolean maybeMerged = !isActive() && batch.currentTick() - batch.previousTick() > 1;
    until = Math.max(until, batch.currentTick());
    if (maybeMerged) {
      mergedBatch = batch.id();
      carefulThroughout =
          !tooLarge && batch.currentEventSeq() - batch.previousEventSeq() <= MAX_SMALL_BATCH;
      careful = carefulThroughout;
    } else if (tooLarge && partEvents != 1) {
      long whole = partEvents == 0 ? handled : Math.min(handled, partEvents);
      partEvents = (int) Math.max(1, Math.min(Integer.MAX_VALUE, whole / 2));
    } else {
      careful = true;
    }
  }

  /**
   * Records that the node is inside {@code tick}, but the batch does not end there. Returns false
   * if the reason is not that the batch has more ticks than that one.
   */
  boolean narrowTo(long tick, Batch batch) {
    if (isActive() || batch.currentTick() <= tick) {
      return false;
    }
    until = tick;
    mergedBatch = batch.id();
    return true;
  }

  /** Records that a batch, or a part of one, was applied. */
  void applied() {
    careful = carefulThroughout;
  }

  /** Records that the node has completed the tick. */
  void completed(long tick) {
    applied();
    if (tick >= until) {
      reset();
    }
  }

  /** Ends careful mode. */
  void reset() {
    until = Long.MIN_VALUE;
    mergedBatch = Long.MIN_VALUE;
    careful = false;
    carefulThroughout = false;
    partEvents = 0;
  }
}

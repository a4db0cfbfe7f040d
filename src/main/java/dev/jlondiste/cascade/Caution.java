package dev.jlondiste.cascade;

import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.pgq.Batch;
import java.sql.SQLException;

/**
 * How the worker goes on where a batch has failed, until it is past that batch. Nothing is repeated
 * as it was:
 *
 * <ol>
 *   <li>A batch of several ticks is taken tick by tick, so that the ticks before the one that fails
 *       are applied.
 *   <li>A single tick is applied statement by statement, so that the failure names its event.
 *   <li>A single tick that is too large for the server's lock table or memory is applied in parts
 *       of ever fewer events.
 * </ol>
 *
 * A failure that passes by itself, such as a lost connection, changes nothing. Used by one thread
 * only.
 */
final class Caution {
  /** A batch of so few events is quick statement by statement. */
  private static final long FEW_EVENTS = 2_000;

  private long until = Long.MIN_VALUE;
  private long mergedBatch = Long.MIN_VALUE;
  private boolean careful;
  private boolean carefulThroughout;
  private int partEvents;

  /** True until the failed batch is behind. */
  boolean isActive() {
    return until != Long.MIN_VALUE;
  }

  /** Take no more than one tick. */
  boolean isTickByTick() {
    return isActive();
  }

  /** Send single statements, so that the culprit is named. */
  boolean isCareful() {
    return careful;
  }

  /** Apply a tick in parts of so many events; 0: as a whole. */
  int partEvents() {
    return partEvents;
  }

  /** True for the batch of several ticks that failed: it has to be opened again, for one tick. */
  boolean isToBeReopened(Batch batch) {
    return batch.id() == mergedBatch;
  }

  /**
   * A batch could not be applied.
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
          !tooLarge && batch.currentEventSeq() - batch.previousEventSeq() <= FEW_EVENTS;
      careful = carefulThroughout;
    } else if (tooLarge && partEvents != 1) {
      long whole = partEvents == 0 ? handled : Math.min(handled, partEvents);
      partEvents = (int) Math.max(1, Math.min(Integer.MAX_VALUE, whole / 2));
    } else {
      careful = true;
    }
  }

  /**
   * The node stands inside {@code tick}, where the batch does not end. False when a batch of more
   * than that tick is not the reason.
   */
  boolean narrowTo(long tick, Batch batch) {
    if (isActive() || batch.currentTick() <= tick) {
      return false;
    }
    until = tick;
    mergedBatch = batch.id();
    return true;
  }

  /** A batch, or a part of one, was applied. */
  void applied() {
    careful = carefulThroughout;
  }

  /** The node has completed the tick. */
  void completed(long tick) {
    applied();
    if (tick >= until) {
      reset();
    }
  }

  /** There is nothing left to be careful with. */
  void reset() {
    until = Long.MIN_VALUE;
    mergedBatch = Long.MIN_VALUE;
    careful = false;
    carefulThroughout = false;
    partEvents = 0;
  }
}

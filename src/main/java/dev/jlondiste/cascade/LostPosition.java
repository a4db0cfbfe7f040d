package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;

/**
 * The provider offers a batch that does not start where this node stands: one of the two databases
 * was restored from a backup, or someone moved a position by hand.
 */
public final class LostPosition extends RuntimeException {
  LostPosition(String queue, Batch batch, long completed) {
    super(
        "Lost position: batch "
            + batch.previousTick()
            + ".."
            + batch.currentTick()
            + ", dst has "
            + completed
            + " (queue "
            + queue
            + "; was one of the databases restored from a backup? 'worker --rewind' moves the"
            + " provider's position to ours)");
  }
}

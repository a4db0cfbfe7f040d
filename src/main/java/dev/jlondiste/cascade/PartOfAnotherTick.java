package dev.jlondiste.cascade;

import dev.jlondiste.fault.Hint;
import dev.jlondiste.pgq.Batch;

/** The node is inside a tick, but the provider offers a batch that does not end at that tick. */
final class PartOfAnotherTick extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long tick;

  PartOfAnotherTick(TickPart part, Batch batch, String provider) {
    super(
        Hint.after(
            part
                + ", but provider '"
                + provider
                + "' offers a batch that ends at tick "
                + batch.currentTick(),
            "change the provider back to the one that has tick "
                + part.tick()
                + ", until the node has completed it"));
    this.tick = part.tick();
  }

  long tick() {
    return tick;
  }
}

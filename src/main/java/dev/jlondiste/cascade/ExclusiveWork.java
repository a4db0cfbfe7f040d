package dev.jlondiste.cascade;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;

/** Works only while this process holds the node's lock; a hot standby otherwise. */
public final class ExclusiveWork implements Work {
  private final NodeLock lock;
  private final Work work;
  private final Runnable whenLost;
  private boolean held;

  /** {@code whenLost} is called when the lock was held and is not any more. */
  public ExclusiveWork(NodeLock lock, Work work, Runnable whenLost) {
    this.lock = lock;
    this.work = work;
    this.whenLost = whenLost;
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    boolean before = held;
    held = false;
    try {
      held = lock.hold();
    } finally {
      if (before && !held) {
        whenLost.run();
      }
    }
    return held ? work.runOnce() : Outcome.IDLE;
  }
}

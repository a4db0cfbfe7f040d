package dev.jlondiste.cascade;

import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;

/** Works only while this process holds the node's lock; otherwise it stands by. */
public final class ExclusiveWork implements Work {
  private final NodeLock lock;
  private final Work work;
  private final Work whenGained;
  private final Runnable whenLost;
  private boolean held;
  private boolean prepared;

  /**
   * Wraps the work.
   *
   * @param whenGained the first step after the lock was acquired, repeated until it succeeds
   * @param whenLost called when the lock is lost
   */
  public ExclusiveWork(NodeLock lock, Work work, Work whenGained, Runnable whenLost) {
    this.lock = lock;
    this.work = work;
    this.whenGained = whenGained;
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
        prepared = false;
        whenLost.run();
      }
    }
    if (!held) {
      return Outcome.IDLE;
    }
    if (!prepared) {
      whenGained.runOnce();
      prepared = true;
    }
    return work.runOnce();
  }

  @Override
  public void close() {
    work.close();
  }
}

package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;

/** Waits for the worker of this node. */
record WorkerPosition(Cascade cascade) {
  /** Returns when the worker has completed the tick. */
  void await(long tick, PointWait wait) throws SQLException, InterruptedException {
    String worker = cascade.node().worker();
    try (Connection local = cascade.local().open()) {
      wait.until(
          () -> {
            long completed =
                NodeFunctions.getConsumerState(local, cascade.queue(), worker).completedTick();
            local.commit();
            return completed >= tick;
          },
          "worker " + worker + " has not completed tick " + tick + ", is it running?");
    }
  }

  /** Returns when the worker has completed what is now the last tick of a node; returns that. */
  long awaitLastTick(TableSource node, PointWait wait) throws SQLException, InterruptedException {
    long tick = node.database().call(db -> PgqFunctions.lastTick(db, cascade.queue())).orElse(0);
    await(tick, wait);
    return tick;
  }
}

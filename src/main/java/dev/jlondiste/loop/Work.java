package dev.jlondiste.loop;

import java.sql.SQLException;

/** One step of a loop. Called by one thread only; repeating it after a failure must be safe. */
@FunctionalInterface
public interface Work {
  Outcome runOnce() throws SQLException, InterruptedException;

  /** Called by the same thread when its loop has ended, to release connections and locks. */
  default void close() {}
}

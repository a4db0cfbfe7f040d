package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.sql.SQLException;

/** The threads that copy tables, as the main worker sees them. */
public interface CopyWorkers {
  /** Tables that wait for their hand-over, besides those that are being copied. */
  int WAITING_AT_MOST = 8;

  /** The name of the consumer that a table's copy has, here and on its source. */
  String consumer(TableInfo table);

  /** True from {@link #launch} until the worker has let go of its table. */
  boolean isRunning(TableInfo table);

  /** The tables whose copy has failed. */
  FailedCopies failures();

  /** Streams of rows that all workers together have, or may open. */
  int streams();

  /**
   * Starts a worker for a table that is in copy, or anywhere on the way from there to ok.
   *
   * @param streams of rows that it may open; it counts with them until the rows are there
   */
  void launch(TableInfo table, int streams);

  /** Asks the worker of a table to let go; it does so soon. */
  void stop(TableInfo table);

  /**
   * Registers the consumer of a table's copy on {@code provider} at {@code tick}, or moves it
   * there: a copy worker that is started later continues from that tick.
   */
  void keepPlace(TableInfo table, String provider, String providerLocation, long tick)
      throws SQLException;

  /** Removes a consumer that {@link #keepPlace} has registered; a failure is logged. */
  void giveUpPlace(TableName table);

  /** The state of some table has changed: waiting copy workers look at it again. */
  void wakeUp();
}

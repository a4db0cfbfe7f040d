package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.sql.SQLException;

/** The threads that copy tables, as seen by the main worker. */
public interface CopyWorkers {
  /** Limit for tables that wait for their hand-over, in addition to those being copied. */
  int MAX_WAITING = 8;

  /** The name of the copy's consumer in the local database and on the source. */
  String consumer(TableInfo table);

  /** True from {@link #launch} until the worker has released its table. */
  boolean isRunning(TableInfo table);

  /** The tables whose copy has failed. */
  FailedCopies failures();

  /** The number of row streams that all workers together have open or may open. */
  int streams();

  /**
   * Starts a worker for a table in any state from in-copy up to, but not including, ok.
   *
   * @param streams the number of row streams that it may open; they count as used until all rows
   *     are copied
   */
  void launch(TableInfo table, int streams);

  /** Asks the worker of a table to stop; returns before it has stopped. */
  void stop(TableInfo table);

  /**
   * Registers the consumer of a table's copy on {@code provider} at {@code tick}, or moves it
   * there: a copy worker that is started later continues from that tick.
   */
  void registerConsumer(TableInfo table, String provider, String providerLocation, long tick)
      throws SQLException;

  /** Removes a consumer that {@link #registerConsumer} has registered; a failure is logged. */
  void unregisterConsumer(TableName table);

  /** Wakes waiting copy workers, which read the state of their tables again. */
  void wakeUp();
}

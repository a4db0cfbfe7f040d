package dev.jlondiste.admin.takeover;

import java.time.Duration;

/**
 * What the operator requested of a takeover.
 *
 * @param maxPause how long writers may wait or be refused at most
 * @param retries how often another attempt follows one that did not fit in {@code maxPause}
 * @param retryPause the time between two attempts, in which the old root is open
 * @param moveSubscribers true: the other subscribers of the old node move to the new one
 * @param ignoreMissing true: tables and sequences that are in no set do not prevent the takeover
 * @param ignoreHandlers true: handlers that leave out or change rows do not prevent the takeover
 * @param fenceDatabase true: the database of the old root becomes read-only for applications
 */
public record TakeoverOptions(
    Duration maxPause,
    int retries,
    Duration retryPause,
    LongTransactions longTransactions,
    boolean moveSubscribers,
    boolean ignoreMissing,
    boolean ignoreHandlers,
    boolean fenceDatabase) {
  /** What to do about a transaction that has written events and lasts long. */
  public enum LongTransactions {
    /** Wait for its end, in several attempts, without blocking other writers. */
    WAIT,
    /** End the command. */
    REFUSE,
    /** Cancel it. */
    CANCEL
  }

  /** How long one attempt to lock the event tables may block writers. */
  Duration lockTimeout() {
    Duration quarter = maxPause.dividedBy(4);
    Duration limit = Duration.ofMillis(300);
    return quarter.compareTo(limit) < 0 ? quarter : limit;
  }
}

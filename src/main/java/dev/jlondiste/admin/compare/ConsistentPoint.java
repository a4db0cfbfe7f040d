package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two snapshots, one here and one on another node, in which a table has the same changes applied.
 *
 * <p>The table on the other node is frozen: on a root by a lock, on a branch by pausing the worker.
 * When the local worker has completed the tick at which the table was frozen, both sides have the
 * same changes. Snapshots are then taken on both sides, and the table is released.
 */
final class ConsistentPoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConsistentPoint.class);

  /** Lets the waiting writers finish before the next attempt. */
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  /** How long before the next poll of a worker the table is locked. */
  private static final Duration BEFORE_POLL = Duration.ofMillis(250);

  private final Connection source;
  private final Connection local;
  private final long tick;

  private ConsistentPoint(Connection source, Connection local, long tick) {
    this.source = source;
    this.local = local;
    this.tick = tick;
  }

  static ConsistentPoint of(
      Cascade cascade, TableSource source, TableName there, TableName here, PointWait wait)
      throws SQLException, InterruptedException {
    Duration timeout = cascade.settings().lockTimeout();
    if (source.node().isRoot()) {
      // catch up first, so that writers wait only for the last ticks
      new WorkerPosition(cascade).awaitLastTick(source, wait);
    }
    for (; ; awaitPoll(cascade, source, wait)) {
      try (SourceFreeze frozen = freeze(cascade, source, there, timeout, wait)) {
        log.info("Syncing {}", here);
        new WorkerPosition(cascade).await(frozen.lastTick(), frozen.limit());
        return held(snapshots(cascade, source, frozen.lastTick()), frozen);
      } catch (PointWait.AttemptOver e) {
        log.info("Releasing {} for its writers: {}", there, e.getMessage());
      }
    }
  }

  /**
   * Returns shortly before the local worker polls for its next batch. One that cannot listen for
   * ticks polls less often than the table may be locked: every {@code loop_delay}, counted from the
   * end of a batch. So the time between two ticks that it completes shows when it polls next.
   */
  private static void awaitPoll(Cascade cascade, TableSource root, PointWait wait)
      throws SQLException, InterruptedException {
    wait.pause(BETWEEN_ATTEMPTS);
    WorkerPosition worker = new WorkerPosition(cascade);
    try (NewTick tick = NewTick.on(root, cascade.queue())) {
      worker.await(tick.await(wait), wait);
      long completed = System.nanoTime();
      worker.await(tick.await(wait), wait);
      Duration period = Duration.ofNanos(System.nanoTime() - completed);
      if (period.compareTo(BEFORE_POLL) > 0) {
        wait.pause(period.minus(BEFORE_POLL));
      }
    }
  }

  private static ConsistentPoint snapshots(Cascade cascade, TableSource source, long tick)
      throws SQLException {
    Connection ours = ReadSnapshot.begin(cascade.local().open());
    try {
      return new ConsistentPoint(ReadSnapshot.begin(source.database().open()), ours, tick);
    } catch (SQLException e) {
      ours.close();
      throw e;
    }
  }

  /**
   * Returns the point if the table was still frozen when its snapshots were taken; throws
   * otherwise.
   */
  private static ConsistentPoint held(ConsistentPoint point, SourceFreeze frozen)
      throws SQLException {
    try {
      frozen.requireHeld();
      return point;
    } catch (SQLException | RuntimeException e) {
      point.close();
      throw e;
    }
  }

  private static SourceFreeze freeze(
      Cascade cascade, TableSource source, TableName there, Duration timeout, PointWait wait)
      throws SQLException {
    if (source.node().isRoot()) {
      log.info("Locking {}", there);
      return LockedTable.on(source, there, cascade.queue(), timeout, wait);
    }
    return PausedBranch.of(cascade, source, wait);
  }

  /** The tick that both sides have. */
  long tick() {
    return tick;
  }

  Connection source() {
    return source;
  }

  Connection local() {
    return local;
  }

  @Override
  public void close() throws SQLException {
    try (Connection one = source;
        Connection other = local) {
      one.rollback();
      other.rollback();
    }
  }
}

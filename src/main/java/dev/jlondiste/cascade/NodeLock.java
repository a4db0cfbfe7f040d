package dev.jlondiste.cascade;

import dev.jlondiste.db.AdvisoryLock;
import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allows one process at a time to work for a node, by a session-level advisory lock in the node's
 * own database. The server releases the lock when the process or its connection ends. Other
 * processes stand by. The lock avoids useless work and log lines; {@link NodePosition} ensures that
 * no batch is applied twice. Called by one thread only.
 */
public final class NodeLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeLock.class);

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

  private final Database local;
  private final String name;
  private final AdvisoryLock lock;
  private @Nullable Connection holder;
  private long checkedAt;
  private boolean hasLoggedStandby;

  public NodeLock(Database local, String queue, String consumer) {
    this.local = local;
    this.name = queue + "/" + consumer;
    this.lock = lock(name);
  }

  private static AdvisoryLock lock(String name) {
    return AdvisoryLock.named("jlondiste worker " + name);
  }

  /** True if a process works for the node. Londiste's own worker does not hold this lock. */
  public static boolean isHeld(Connection local, String queue, String consumer)
      throws SQLException {
    return lock(queue + "/" + consumer).isHeld(local);
  }

  /**
   * Acquires the lock unless this process holds it, and checks every few seconds that it still
   * does. Returns true if this process holds the lock.
   */
  public boolean hold() throws SQLException {
    if (holder != null) {
      if (System.nanoTime() - checkedAt < CHECK_INTERVAL.toNanos()) {
        return true;
      }
      try {
        Sql.one(holder, "select 1", row -> row.getInt(1));
        checkedAt = System.nanoTime();
        return true;
      } catch (SQLException e) {
        close();
        throw e;
      }
    }
    return acquire();
  }

  private boolean acquire() throws SQLException {
    Connection candidate = local.open();
    boolean acquired;
    try {
      candidate.setAutoCommit(true);
      acquired = lock.tryHold(candidate);
    } catch (SQLException e) {
      try (candidate) {
        Conversation.abort(candidate); // the session may have acquired the lock
        throw e;
      }
    }
    if (acquired) {
      holder = candidate;
      checkedAt = System.nanoTime();
    } else {
      candidate.close();
    }
    if (acquired && hasLoggedStandby) {
      log.info("{}: the other worker is gone, taking over", name);
      hasLoggedStandby = false;
    } else if (!acquired && !hasLoggedStandby) {
      log.info("{}: another worker of this node is running, standing by", name);
      hasLoggedStandby = true;
    }
    return acquired;
  }

  @Override
  public void close() {
    if (holder == null) {
      return;
    }
    try (Connection closing = holder) {
      holder = null;
      unlock(closing);
    } catch (SQLException e) {
      log.debug("{}: lock connection was lost: {}", name, e.getMessage());
    }
  }

  private void unlock(Connection closing) throws SQLException {
    try {
      lock.release(closing);
    } catch (SQLException e) {
      Conversation.abort(closing); // or the pool would keep the lock
      throw e;
    }
  }
}

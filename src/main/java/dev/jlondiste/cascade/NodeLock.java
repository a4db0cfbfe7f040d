package dev.jlondiste.cascade;

import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one process at a time work for a node: a session-level advisory lock in the node's own
 * database, which the server releases when the process or its connection dies. Others stand by. The
 * lock saves work and noise; that nothing is applied twice does not depend on it, see {@link
 * NodePosition}. Called by one thread only.
 */
public final class NodeLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeLock.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

  private static final String IS_HELD =
      """
      select exists (
          select 1
            from pg_catalog.pg_locks l
           where l.locktype = 'advisory' and l.granted and l.objsubid = 1
             and l.database = (select oid from pg_catalog.pg_database
                                where datname = current_database())
             and (l.classid::bigint << 32) | l.objid::bigint = ?)
      """;

  private final Database local;
  private final String name;
  private final long key;
  private @Nullable Connection holder;
  private long lookedAt;
  private boolean saidStandby;

  public NodeLock(Database local, String queue, String consumer) {
    this.local = local;
    this.name = queue + "/" + consumer;
    this.key = key(name);
  }

  private static long key(String name) {
    return UUID.nameUUIDFromBytes(("jlondiste worker " + name).getBytes(StandardCharsets.UTF_8))
        .getMostSignificantBits();
  }

  /** True when some process works for the node; Londiste's own worker holds no lock. */
  public static boolean isHeld(Connection local, String queue, String consumer)
      throws SQLException {
    return Sql.one(local, IS_HELD, row -> row.getBoolean(1), key(queue + "/" + consumer));
  }

  /**
   * True when this process holds the lock; makes sure every few seconds that it still does. The
   * lock keeps a second worker from working in vain; that none of them applies a batch twice is
   * what {@link NodePosition} sees to.
   */
  public boolean hold() throws SQLException {
    if (holder != null) {
      if (System.nanoTime() - lookedAt < BETWEEN_LOOKS.toNanos()) {
        return true;
      }
      try {
        Sql.one(holder, "select 1", row -> row.getInt(1));
        lookedAt = System.nanoTime();
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
      acquired =
          Sql.one(
              candidate,
              "select pg_catalog.pg_try_advisory_lock(?)",
              row -> row.getBoolean(1),
              key);
    } catch (SQLException e) {
      try (candidate) {
        Conversation.abort(candidate); // the lock may have been taken, and would stay with it
        throw e;
      }
    }
    if (acquired) {
      holder = candidate;
      lookedAt = System.nanoTime();
    } else {
      candidate.close();
    }
    if (acquired && saidStandby) {
      log.info("{}: the other worker is gone, taking over", name);
      saidStandby = false;
    } else if (!acquired && !saidStandby) {
      log.info("{}: another worker of this node is running, standing by", name);
      saidStandby = true;
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
      Sql.one(closing, "select pg_catalog.pg_advisory_unlock(?)", row -> row.getBoolean(1), key);
    } catch (SQLException e) {
      Conversation.abort(closing); // or the pool would keep the lock
      throw e;
    }
  }
}

package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with a member, kept open so that no step of the pause waits for a new connection. A
 * step that fails ends the session; the next one opens another. Used by one thread.
 */
final class MemberSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MemberSession.class);

  /** Lock timeout, and a deadlock with another session. */
  private static final Set<String> LOCK_FAILURES = Set.of("55P03", "40P01");

  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  private final String name;
  private final String queue;
  private final Cascade cascade;
  private Deadline limit = Deadline.never();
  private @Nullable Connection session;

  /** Does not connect yet. */
  MemberSession(Cascade cascade, String name) {
    this.cascade = cascade;
    this.name = name;
    this.queue = cascade.queue();
  }

  /** Without kept sessions: a step of the pause must not begin with one that is out of order. */
  private Database database() throws SQLException {
    return Database.direct(cascade.database(name).target(), cascade.settings().job().jobName());
  }

  String name() {
    return name;
  }

  /** From now on a step that lasts beyond the deadline fails, also if the network hangs. */
  void limit(Deadline deadline) {
    limit = deadline;
  }

  /** Steps may last as long as they need. */
  void unlimited() {
    limit = Deadline.never();
  }

  NodeInfo info(Connection db) throws SQLException {
    return NodeFunctions.getNodeInfo(db, queue)
        .orElseThrow(() -> new UserError("node '" + name + "' is not initialized", null));
  }

  NodeInfo info() throws SQLException {
    return call(this::info);
  }

  /** Runs one read committed transaction. */
  <T> T call(SqlWork<T> work) throws SQLException {
    try {
      return run(Connection.TRANSACTION_READ_COMMITTED, work);
    } catch (SQLException e) {
      throw SqlExplanation.of(e, database().target());
    }
  }

  /** As {@link #call}; returns empty if the transaction did not get a lock in time. */
  <T> Optional<T> unlessLocked(SqlWork<T> work) throws SQLException {
    try {
      return Optional.of(run(Connection.TRANSACTION_READ_COMMITTED, work));
    } catch (SQLException e) {
      if (LOCK_FAILURES.contains(SqlFaults.state(e))) {
        return Optional.empty();
      }
      throw SqlExplanation.of(e, database().target());
    }
  }

  /**
   * Runs one repeatable read transaction: what it has read and then changes was not changed by
   * another session before it commits. It is repeated after a conflict.
   */
  <T> T exactly(SqlWork<T> work) throws SQLException {
    while (true) {
      try {
        return run(Connection.TRANSACTION_REPEATABLE_READ, work);
      } catch (SQLException e) {
        if (!CONFLICTS.contains(SqlFaults.state(e)) || limit.isOver()) {
          throw SqlExplanation.of(e, database().target());
        }
      }
    }
  }

  private <T> T run(int isolation, SqlWork<T> work) throws SQLException {
    Connection db = session == null ? database().open() : session;
    session = db;
    boolean keep = false;
    try {
      db.setNetworkTimeout(Runnable::run, networkTimeout());
      db.setTransactionIsolation(isolation);
      T result = work.in(db);
      db.commit();
      keep = true;
      return result;
    } catch (SQLException e) {
      if (Conversation.isIntact(e)) {
        db.rollback();
        keep = true;
      }
      throw e;
    } finally {
      if (!keep) {
        close();
      }
    }
  }

  /** Milliseconds; 0 is no limit. */
  private int networkTimeout() {
    long millis = limit.remaining().toMillis();
    return millis > Integer.MAX_VALUE ? 0 : (int) Math.max(1, millis);
  }

  @Override
  public void close() {
    Connection closing = session;
    session = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (SQLException e) {
        log.debug("{}: the session had ended: {}", name, e.getMessage());
      }
    }
  }
}

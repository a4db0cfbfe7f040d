package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.CopyGuard;
import dev.jlondiste.cascade.MissingWorker;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is checked before a worker starts, so that what it cannot run without is reported by the
 * command that starts it. A server that is down, or still starting, is not among that: the worker
 * waits for it.
 */
public final class WorkerStart {
  private static final Logger log = LoggerFactory.getLogger(WorkerStart.class);

  private final Cascade cascade;

  public WorkerStart(Cascade cascade) {
    this.cascade = cascade;
  }

  /** Throws {@link UserError} when the database has no such worker, or is a copy of the node. */
  public void check() throws SQLException {
    Optional<UserError> missing =
        MissingWorker.find(cascade.local(), cascade.queue(), cascade.settings().consumerName());
    if (missing.isPresent()) {
      throw missing.get();
    }
    new CopyGuard(cascade).refuse();
  }

  /** The same for a daemon, which waits for a database that is away for now. */
  public void checkUnlessAway() throws SQLException {
    try {
      check();
    } catch (SQLException e) {
      if (!SqlFaults.isTransient(e)) {
        throw e;
      }
      log.warn("{} (the worker starts anyway and keeps trying)", e.getMessage());
    }
  }
}

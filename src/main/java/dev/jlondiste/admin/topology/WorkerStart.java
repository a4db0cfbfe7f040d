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
 * Checks what a worker needs before it starts, so that the command that starts it reports what is
 * missing. A server that is down or still starting is no error: the worker waits for it.
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

  /**
   * As {@link #check}, for a daemon: a database that cannot be reached at the moment is only
   * logged.
   */
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

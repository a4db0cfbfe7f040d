package dev.jlondiste.admin;

import dev.jlondiste.cascade.OwnLocation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prevents a command that runs on a copy of a node's database from changing the real cascade. Every
 * command calls it first.
 */
public final class CopyGuard {
  private static final Logger log = LoggerFactory.getLogger(CopyGuard.class);

  private final Cascade cascade;

  public CopyGuard(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Throws UserError if this database is a copy; logs a warning if that cannot be determined.
   *
   * <p>A local database that cannot be reached is ignored here: the command connects to it next and
   * reports the error itself.
   */
  public void refuse() throws SQLException {
    if (cascade.settings().allowCopiedDatabase()) {
      return;
    }
    OwnLocation own;
    try {
      own = OwnLocation.check(cascade.local(), cascade.queue(), cascade::remote);
    } catch (SQLException e) {
      if (isUnreachable(e)) {
        return;
      }
      throw e;
    }
    String problem = own.problem().orElse("");
    if (own.isCopy()) {
      throw new UserError(problem, own.hint());
    }
    if (!problem.isEmpty()) {
      log.warn("{}", problem);
    }
  }

  /** Logs a warning if the node's public location leads to another database than this one. */
  public void warn() {
    if (cascade.settings().allowCopiedDatabase()) {
      return;
    }
    try {
      OwnLocation own = OwnLocation.check(cascade.local(), cascade.queue(), cascade::remote);
      switch (own.verdict()) {
        case HERE -> {}
        case COPY, ELSEWHERE -> log.warn(Hint.after(own.problem().orElseThrow(), own.hint()));
        case UNKNOWN -> log.debug("{}", own.problem().orElseThrow());
      }
    } catch (SQLException e) {
      log.debug("where the node's public location leads was not checked: {}", e.getMessage());
    }
  }

  /** True if no session was established. */
  private static boolean isUnreachable(SQLException e) {
    String state = SqlFaults.state(e);
    return state.startsWith("08") || state.startsWith("28") || state.equals("3D000");
  }
}

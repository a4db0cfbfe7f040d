package dev.jlondiste.loop;

import dev.jlondiste.db.SqlFaults;
import java.sql.SQLException;

/** Whether the next attempt can succeed. */
public enum FaultKind {
  /** The next attempt may succeed: a deadlock, a lock or statement timeout, a full server. */
  TRANSIENT,

  /** The session was lost or could not be opened: the next attempt needs a new one. */
  CONNECTION,

  /** The next attempt fails in the same way unless an operator removes the cause. */
  PERMANENT;

  /** Classifies a failure by its SQLSTATE. A failure without a database is permanent. */
  public static FaultKind of(Exception failure) {
    if (!(failure instanceof SQLException sql) || !SqlFaults.isTransient(sql)) {
      return PERMANENT;
    }
    return SqlFaults.isLostConnection(sql) ? CONNECTION : TRANSIENT;
  }

  /** True if a retry may succeed without an operator. */
  public boolean mayPass() {
    return this != PERMANENT;
  }
}

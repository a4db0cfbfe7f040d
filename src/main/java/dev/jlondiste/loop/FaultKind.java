package dev.jlondiste.loop;

import dev.jlondiste.db.SqlFaults;
import java.sql.SQLException;

/** What a failure says about the next attempt. */
public enum FaultKind {
  /** The next attempt may succeed: a deadlock, a lock or statement timeout, a full server. */
  TRANSIENT,

  /** The session was lost or could not be opened: the next attempt needs a new one. */
  CONNECTION,

  /** The next attempt fails in the same way unless an operator removes the cause. */
  PERMANENT;

  /** By the SQLSTATE; everything that is not from a database is permanent. */
  public static FaultKind of(Exception failure) {
    if (!(failure instanceof SQLException sql) || !SqlFaults.isTransient(sql)) {
      return PERMANENT;
    }
    return SqlFaults.isLostConnection(sql) ? CONNECTION : TRANSIENT;
  }

  /** True if the failure may pass without an operator. */
  public boolean mayPass() {
    return this != PERMANENT;
  }
}

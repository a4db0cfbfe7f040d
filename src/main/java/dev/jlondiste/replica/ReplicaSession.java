package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * A session for batches: in role {@code replica} for as long as it lives. Each change of the role
 * makes the server forget all plans of the session, so a batch that sets the role and leaves it
 * again has everything planned anew, which takes longer than a batch of few rows itself. Batches
 * set it for their transaction nevertheless: it is then what it was.
 */
public final class ReplicaSession {
  private ReplicaSession() {}

  /** Does nothing where the session cannot be shown to be ours alone. */
  public static void begin(Connection session) throws SQLException {
    begin(session, session.unwrap(PGConnection.class).getBackendPID());
  }

  /**
   * A pooler gives each client a process id that it has made up, as it may give its sessions to
   * others after each transaction; they must not get the role.
   *
   * @param pid what the connection was told of its server process
   */
  static void begin(Connection session, int pid) throws SQLException {
    if (Sql.one(session, "select pg_catalog.pg_backend_pid()", row -> row.getInt(1)) == pid
        && LondisteFunctions.canSetRole(session)) {
      LondisteFunctions.becomeReplica(session);
    }
    session.commit();
  }
}

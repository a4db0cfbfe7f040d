package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Sets session replication role {@code replica} for the lifetime of a session that applies batches.
 * Each change of the role discards all cached plans of the session. If each batch set and reset the
 * role, all its statements would be planned again, which takes longer than applying a batch of few
 * rows. Batches still set the role for their transaction; in this session that changes nothing.
 */
public final class ReplicaSession {
  private ReplicaSession() {}

  /** Sets the role; does nothing if a pooler may share the session with other clients. */
  public static void begin(Connection session) throws SQLException {
    begin(session, session.unwrap(PGConnection.class).getBackendPID());
  }

  /**
   * A pooler may assign its sessions to other clients after each transaction, and those must not
   * inherit the role. A pooler is recognized by the process id that it reports, which is not the
   * server's.
   *
   * @param pid the process id of the server that the connection received at its start
   */
  static void begin(Connection session, int pid) throws SQLException {
    if (Sql.one(session, "select pg_catalog.pg_backend_pid()", row -> row.getInt(1)) == pid
        && LondisteFunctions.canSetRole(session)) {
      LondisteFunctions.becomeReplica(session);
    }
    session.commit();
  }
}

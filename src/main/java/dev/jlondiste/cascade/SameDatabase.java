package dev.jlondiste.cascade;

import dev.jlondiste.db.AdvisoryLock;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Checks whether two connections reach the same database. Names and oids are equal in a physical
 * copy, so the check uses an advisory lock with a random key: the first connection sees the lock of
 * the second only if both reach the same server. The check writes nothing, so it works on a standby
 * and in a read-only session. It uses one transaction, so it works through a pooler.
 */
public final class SameDatabase {
  private static final String IDENTITY =
      """
      select d.oid || '/' || d.datname
        from pg_catalog.pg_database d
       where d.datname = pg_catalog.current_database()
      """;

  /** The result of the comparison; Londiste prints the same codes. */
  public enum Verdict {
    SAME(0),
    OTHER_NAME(1),
    OTHER_SERVER(2);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  private SameDatabase() {}

  /** Compares the databases. Ends the transactions of both connections. */
  public static Verdict compare(Connection one, Connection other) throws SQLException {
    String here = identity(one);
    if (!here.equals(identity(other))) {
      return Verdict.OTHER_NAME;
    }
    one.rollback();
    other.rollback();
    AdvisoryLock lock = new AdvisoryLock(ThreadLocalRandom.current().nextLong());
    lock.holdInTransaction(other);
    boolean seen = lock.isHeld(one);
    one.rollback();
    other.rollback();
    return seen ? Verdict.SAME : Verdict.OTHER_SERVER;
  }

  private static String identity(Connection db) throws SQLException {
    return Sql.one(db, IDENTITY, row -> row.getString(1));
  }
}

package dev.jlondiste.cascade;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Tells whether two connections reach the same database. Names and oids are equal in a physical
 * copy, so the proof is a transaction: one made through the second connection must be new to the
 * first.
 */
public final class SameDatabase {
  private static final String IDENTITY =
      """
      select d.oid || '/' || d.datname
        from pg_catalog.pg_database d
       where d.datname = pg_catalog.current_database()
      """;

  /** What the comparison came to; the numbers are those that the reference prints. */
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

  /** Ends the transactions of both connections. */
  public static Verdict compare(Connection one, Connection other) throws SQLException {
    String here = identity(one);
    if (!here.equals(identity(other))) {
      return Verdict.OTHER_NAME;
    }
    one.rollback();
    other.rollback();
    TxidSnapshot before = PgqFunctions.currentSnapshot(one);
    one.rollback();
    long txid = Sql.one(other, "select txid_current()", row -> row.getLong(1));
    other.commit();
    TxidSnapshot after = PgqFunctions.currentSnapshot(one);
    one.rollback();
    return !before.sees(txid) && after.sees(txid) ? Verdict.SAME : Verdict.OTHER_SERVER;
  }

  private static String identity(Connection db) throws SQLException {
    return Sql.one(db, IDENTITY, row -> row.getString(1));
  }
}

package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlAction;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A transaction that changes the database code. Runs on a primary, one at a time for each database,
 * and with short lock timeouts, because other sessions queue behind a waiting lock request.
 */
final class SchemaTransaction {
  private static final long ADVISORY_LOCK_KEY = 0x6a6c6f6e64697374L;
  private static final int ADVISORY_LOCK_TIMEOUT_SECONDS = 60;
  private static final Duration TABLE_LOCK_TIMEOUT = Duration.ofSeconds(10);

  /** Tables of our schemas, including event tables, and tables with our triggers. */
  private static final String TABLES =
      """
      select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and (n.nspname in ('pgq', 'pgq_node', 'pgq_coop', 'pgq_ext', 'londiste')
              or exists (select 1
                           from pg_catalog.pg_trigger t
                           join pg_catalog.pg_proc p on p.oid = t.tgfoid
                           join pg_catalog.pg_namespace s on s.oid = p.pronamespace
                          where t.tgrelid = c.oid and s.nspname in ('pgq', 'londiste')))
       order by 1
      """;

  private SchemaTransaction() {}

  static void run(Database local, SqlAction work) throws SQLException {
    requireWritable(local);
    try {
      local.run(
          db -> {
            Sql.run(db, "set local lock_timeout = '" + ADVISORY_LOCK_TIMEOUT_SECONDS + "s'");
            Sql.run(db, "select pg_catalog.pg_advisory_xact_lock(?)", ADVISORY_LOCK_KEY);
            List<String> tables = tables(db);
            ShortLocks.of(TABLE_LOCK_TIMEOUT, new StopSignal())
                .run(db, tables, LockHolders.Mode.AGAINST_ALL, work);
          });
    } catch (SQLException e) {
      if (isConflict(e)) {
        throw new UserError(
            "could not lock the database code: "
                + e.getMessage()
                + "\nDATABASE:  "
                + local.target().masked(),
            "nothing was changed; run the command again when the long transactions, dumps or"
                + " other installations in pg_stat_activity have ended",
            e);
      }
      throw e;
    }
  }

  /** The tables that the work may lock. */
  private static List<String> tables(Connection db) throws SQLException {
    return Sql.list(db, TABLES, row -> row.getString(1));
  }

  /** True for a lock timeout, a deadlock, or a concurrent update of a catalog row. */
  private static boolean isConflict(SQLException e) {
    String state = SqlFaults.state(e);
    return state.equals("55P03")
        || state.equals("40P01")
        || (state.equals("XX000") && String.valueOf(e.getMessage()).contains("tuple concurrently"));
  }

  /** Checked first, because a standby would fail in the middle of the work. */
  private static void requireWritable(Database local) throws SQLException {
    if (local.call(db -> Sql.one(db, "select pg_is_in_recovery()", row -> row.getBoolean(1)))) {
      throw new UserError(
          "cannot change "
              + local.target().masked()
              + ": the server is a standby, all its transactions are read-only",
          "connect to the primary: correct host and port of 'db', or add"
              + " target_session_attrs=read-write");
    }
  }
}

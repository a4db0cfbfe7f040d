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
 * One transaction on the database code: on a primary, one at a time, and never waiting long for a
 * lock, because everybody else would queue up behind it.
 */
final class SchemaTransaction {
  private static final long ALONE = 0x6a6c6f6e64697374L;
  private static final int WAIT_FOR_OTHERS_SECONDS = 60;
  private static final Duration WAIT_FOR_LOCKS = Duration.ofSeconds(10);

  /** Ours, event tables among them, and those that have our triggers. */
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
            Sql.run(db, "set local lock_timeout = '" + WAIT_FOR_OTHERS_SECONDS + "s'");
            Sql.run(db, "select pg_catalog.pg_advisory_xact_lock(?)", ALONE);
            List<String> tables = tables(db);
            ShortLocks.of(WAIT_FOR_LOCKS, new StopSignal())
                .run(db, tables, LockHolders.Mode.AGAINST_ALL, work);
          });
    } catch (SQLException e) {
      if (isInTheWay(e)) {
        throw new UserError(
            "somebody is in the way: " + e.getMessage() + "\nDATABASE:  " + local.target().masked(),
            "nothing was changed, so try again; long transactions, dumps and other installations"
                + " show in pg_stat_activity",
            e);
      }
      throw e;
    }
  }

  /** What the database code consists of and what it is connected to: the work may lock all that. */
  private static List<String> tables(Connection db) throws SQLException {
    return Sql.list(db, TABLES, row -> row.getString(1));
  }

  /** A lock that did not come, a deadlock, or two who changed one entry of the catalogue. */
  private static boolean isInTheWay(SQLException e) {
    String state = SqlFaults.state(e);
    return state.equals("55P03")
        || state.equals("40P01")
        || (state.equals("XX000") && String.valueOf(e.getMessage()).contains("tuple concurrently"));
  }

  /** A standby would refuse somewhere in the middle. */
  private static void requireWritable(Database local) throws SQLException {
    if (local.call(db -> Sql.one(db, "select pg_is_in_recovery()", row -> row.getBoolean(1)))) {
      throw new UserError(
          "cannot change "
              + local.target().masked()
              + ": the server is a standby, all its transactions are read-only",
          "use the primary: check host and port of 'db', or add target_session_attrs=read-write");
    }
  }
}

package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lists the sessions that hold conflicting table locks, as far as the role is allowed to see them.
 */
public final class LockHolders {
  /** Queries of other roles are visible only to members of {@code pg_read_all_stats}. */
  private static final String HOLDERS =
      """
      select l.pid, a.usename, a.application_name, a.state, x.gid,
             (extract(epoch from pg_catalog.clock_timestamp() - a.xact_start))::bigint as age,
             pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 100) as query
        from (select distinct l.pid, l.virtualtransaction
                from pg_catalog.pg_locks l
               where l.locktype = 'relation' and l.granted
                 and l.database = (select d.oid from pg_catalog.pg_database d
                                    where d.datname = pg_catalog.current_database())
                 and l.relation in (select pg_catalog.to_regclass(t.name)::oid
                                      from pg_catalog.unnest(?::text[]) t (name))
                 and l.mode <> all (?::text[])
                 and l.pid is distinct from pg_catalog.pg_backend_pid()) l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
        left join pg_catalog.pg_locks own
          on l.pid is null and own.locktype = 'transactionid'
             and own.virtualtransaction = l.virtualtransaction
        left join pg_catalog.pg_prepared_xacts x on x.transaction = own.transactionid
       order by a.xact_start nulls last, l.pid
       limit 10
      """;

  private LockHolders() {}

  /** The lock that was requested, which determines the locks that conflict with it. */
  public enum Mode {
    /** {@code share row exclusive}, which creates triggers: readers do not conflict. */
    AGAINST_WRITERS("{AccessShareLock,RowShareLock}"),
    /** {@code access exclusive}, which drops triggers: every lock conflicts. */
    AGAINST_ALL("{}");

    private final String compatibleModes;

    Mode(String compatibleModes) {
      this.compatibleModes = compatibleModes;
    }
  }

  /**
   * Returns a line for each session that currently holds a conflicting lock, at most ten, those
   * with the oldest transactions first.
   *
   * @param tables names with schema, quoted where needed; missing tables are ignored
   */
  public static List<String> of(Connection db, List<String> tables, Mode mode) throws SQLException {
    return Sql.list(db, HOLDERS, LockHolders::describe, tables, mode.compatibleModes);
  }

  private static String describe(ResultSet row) throws SQLException {
    if (row.getString("gid") != null) {
      return "prepared transaction '"
          + row.getString("gid")
          + "', see pg_prepared_xacts: commit prepared, or rollback prepared";
    }
    List<@Nullable String> parts =
        Arrays.asList(
            "pid " + row.getString("pid"),
            labelled("user ", row.getString("usename")),
            labelled("application ", quote(row.getString("application_name"))),
            row.getString("age") == null
                ? null
                : "transaction open for " + row.getString("age") + " s",
            row.getString("state"));
    String query = row.getString("query");
    return parts.stream().filter(part -> part != null).collect(Collectors.joining(", "))
        + (query == null || query.isEmpty() ? "" : ": " + query.strip());
  }

  private static @Nullable String quote(@Nullable String name) {
    return name == null || name.isEmpty() ? null : "\"" + name + "\"";
  }

  private static @Nullable String labelled(String label, @Nullable String value) {
    return value == null ? null : label + value;
  }
}

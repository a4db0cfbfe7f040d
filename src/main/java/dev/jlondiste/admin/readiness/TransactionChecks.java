package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Transactions on the old root that have written to replicated tables or to the queue and have been
 * open for long. They must end before the root can be closed. A prepared transaction does not end
 * by itself at all.
 */
final class TransactionChecks {
  /** A server up to 9.6 and roles without {@code pg_read_all_stats} hide others' transactions. */
  private static final String HOLDERS =
      """
      select l.pid, a.usename, a.application_name, a.state, x.gid, x.owner,
             coalesce(extract(epoch from clock_timestamp() - coalesce(a.xact_start, x.prepared)), -1)
               as age,
             left(regexp_replace(a.query, '\\s+', ' ', 'g'), 100) as query
        from (select distinct k.pid, k.virtualtransaction
                from pg_catalog.pg_locks k
               where k.locktype = 'relation' and k.granted
                 and k.database = (select d.oid from pg_catalog.pg_database d
                                    where d.datname = current_database())
                 and k.mode not in ('AccessShareLock', 'RowShareLock', 'SIReadLock')
                 and k.pid is distinct from pg_backend_pid()
                 and k.relation in (
                       select to_regclass(t.name)::oid from unnest(?::text[]) t (name)
                        union
                       select to_regclass(q.queue_data_pfx)::oid
                         from pgq.queue q where q.queue_name = ?
                        union
                       select i.inhrelid
                         from pgq.queue q
                         join pg_catalog.pg_inherits i
                           on i.inhparent = to_regclass(q.queue_data_pfx)::oid
                        where q.queue_name = ?)) l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
        left join pg_catalog.pg_locks own
          on l.pid is null and own.locktype = 'transactionid'
             and own.virtualtransaction = l.virtualtransaction
        left join pg_catalog.pg_prepared_xacts x on x.transaction = own.transactionid
       where (a.query is null or a.query not like 'autovacuum: %'
              or a.query like '%(to prevent wraparound)%')
             -- without a time, but with a state: it has ended since its lock was read
         and (a.xact_start is not null or a.state is null)
       order by age desc, l.pid
      """;

  /**
   * A session or a prepared transaction.
   *
   * @param age in seconds; negative if the role may not see it
   */
  private record Holder(boolean isPrepared, double age, String text, String hint) {}

  private TransactionChecks() {}

  static void run(
      Connection root, String queue, NodeSide old, ReadinessOptions options, Findings findings)
      throws SQLException {
    List<String> tables =
        old.tablesWithRows().stream().map(table -> table.destination().quoted()).toList();
    List<Holder> holders = Sql.list(root, HOLDERS, TransactionChecks::read, tables, queue, queue);
    Duration limit = options.longTransactionAge();
    for (Holder holder : holders) {
      if (holder.isPrepared()) {
        findings.blocker(
            Check.TRANSACTIONS, "[" + old.name() + "] " + holder.text(), holder.hint());
      } else if (holder.age() * 1000 >= limit.toMillis()) {
        findings.add(
            options.refuseLongTransactions() ? Severity.BLOCKER : Severity.WARNING,
            Check.TRANSACTIONS,
            "[" + old.name() + "] " + holder.text(),
            holder.hint());
      }
    }
    long hidden = holders.stream().filter(h -> !h.isPrepared() && h.age() < 0).count();
    if (hidden > 0) {
      findings.warning(
          Check.TRANSACTIONS,
          "[%s] the age of %d transactions that hold replicated tables is not visible"
              .formatted(old.name(), hidden),
          "grant pg_read_all_stats to the role of db (from PostgreSQL 10 on)");
    }
  }

  private static Holder read(ResultSet row) throws SQLException {
    String gid = row.getString("gid");
    double age = row.getDouble("age");
    if (gid != null) {
      return new Holder(
          true,
          age,
          "prepared transaction '%s' of user %s, prepared %d s ago, holds replicated tables"
              .formatted(gid, row.getString("owner"), Math.round(age)),
          "commit prepared '%s' or rollback prepared '%s'".formatted(gid, gid));
    }
    String pid = row.getString("pid");
    List<@Nullable String> parts =
        Arrays.asList(
            "transaction open for " + Math.round(age) + " s holds replicated tables: pid " + pid,
            labelled("user ", row.getString("usename")),
            labelled("application ", quoted(row.getString("application_name"))),
            row.getString("state"));
    String query = row.getString("query");
    return new Holder(
        false,
        age,
        parts.stream().filter(part -> part != null).collect(Collectors.joining(", "))
            + (query == null || query.isEmpty() ? "" : ": " + query.strip()),
        "wait for its end, or: select pg_terminate_backend(" + pid + ")");
  }

  private static @Nullable String quoted(@Nullable String name) {
    return name == null || name.isEmpty() ? null : "\"" + name + "\"";
  }

  private static @Nullable String labelled(String label, @Nullable String value) {
    return value == null ? null : label + value;
  }
}

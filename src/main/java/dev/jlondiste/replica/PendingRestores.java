package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.Backoff;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The objects that copies of all queues have dropped in this database and not restored yet: foreign
 * keys in {@code londiste.pending_fkeys}, and indexes in {@code londiste.unrestored}. Databases
 * with the SQL of Londiste or of an older release do not have the latter. Stateless; the caller
 * owns the transaction.
 *
 * <p>An object is restored when those of its tables that are replicated are in sync; a table that
 * is not replicated here is not waited for. For a partitioned table this includes its replicated
 * partitions, for a partition also its parents. Exactly one worker restores it: that of the first
 * of several queues, or of merged queues that of the queue which copies the table last.
 */
public final class PendingRestores {
  private static final String KEPT = "select to_regclass('londiste.unrestored') is not null";

  private static final String FKEYS =
      """
      select 'fkey' as kind, from_table, to_table, fkey_name as name, fkey_def as sql,
             {problem} as problem,
             null::int as attempts, null::float8 as age
        from londiste.pending_fkeys p
      """;
  private static final String PROBLEM =
      """
      (select u.problem from londiste.unrestored u
        where u.table_name = p.from_table and u.kind = 'fkey' and u.object_name = p.fkey_name)""";
  private static final String INDEXES =
      """
       union all
      select kind, table_name, table_name, object_name, create_sql, problem, attempts,
             extract(epoch from clock_timestamp() - last_attempt)
        from londiste.unrestored where kind = 'index'
      """;
  private static final String LIST =
      """
      with recursive object as ({objects}), side as (
        select c.oid, n.nspname || '.' || c.relname as name
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p')
           and n.nspname || '.' || c.relname in
               (select from_table from object union select to_table from object)),
      above(start, rel) as (
        select oid, oid from side
         union
        select a.start, i.inhparent
          from above a join pg_catalog.pg_inherits i on i.inhrelid = a.rel),
      below(start, rel) as (
        select oid, oid from side
         union
        select b.start, i.inhrelid
          from below b join pg_catalog.pg_inherits i on i.inhparent = b.rel),
      related(side, name) as (
        select s.name, n.nspname || '.' || c.relname
          from (select * from above union select * from below) x
          join side s on s.oid = x.start
          join pg_catalog.pg_class c on c.oid = x.rel
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         union
        select from_table, from_table from object
         union
        select to_table, to_table from object),
      replicated as (
        select r.side, t.queue_name, r.name, n.node_type, n.combined_queue,
               w.node_type as combined_type,
               t.merge_state is not distinct from 'ok' and t.custom_snapshot is null as in_sync
          from related r
          join londiste.table_info t on t.local and coalesce(t.dest_table, t.table_name) = r.name
          join pgq_node.node_info n on n.queue_name = t.queue_name
          left join pgq_node.node_info w on w.queue_name = n.combined_queue)
      select o.*,
             (select string_agg(distinct r.name, ', ' order by r.name) from replicated r
               where r.side in (o.from_table, o.to_table) and not r.in_sync) as waits_for,
             (select case when count(*) > 0
                     then coalesce(min(case when r.combined_type = 'root' then r.queue_name end),
                                   min(case when r.combined_type = 'branch'
                                            then r.combined_queue end),
                                   min(case when r.node_type <> 'root' then r.queue_name end))
                     else (select min(n.queue_name) from pgq_node.node_info n
                            where n.node_type <> 'root') end
                from replicated r where r.side in (o.from_table, o.to_table)) as owner
        from object o
       order by o.kind, o.from_table, o.to_table, o.name
      """;

  /** Pause between the attempts for one index, without jitter. */
  private static final Backoff INDEX_BACKOFF =
      new Backoff(Duration.ofMinutes(5), 2, Duration.ofHours(6), 0);

  private PendingRestores() {}

  /** False on a database whose SQL cannot store what could not be restored. */
  static boolean areProblemsKept(Connection local) throws SQLException {
    return Sql.one(local, KEPT, row -> row.getBoolean(1));
  }

  public static List<PendingRestore> list(Connection local) throws SQLException {
    boolean kept = areProblemsKept(local);
    String objects = FKEYS.replace("{problem}", kept ? PROBLEM : "null::text");
    return Sql.list(
        local,
        LIST.replace("{objects}", kept ? objects + INDEXES : objects),
        PendingRestores::read);
  }

  private static PendingRestore read(ResultSet row) throws SQLException {
    return new PendingRestore(
        PendingRestore.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        TableName.parse(row.getString("from_table")),
        TableName.parse(row.getString("to_table")),
        row.getString("name"),
        row.getString("sql"),
        Optional.ofNullable(row.getString("problem")),
        Optional.ofNullable(row.getString("waits_for")),
        Optional.ofNullable(row.getString("owner")),
        isDue(row.getInt("attempts"), row.getDouble("age")));
  }

  /** {@code attempts} is 0 for a foreign key, which is always due. */
  private static boolean isDue(int attempts, double secondsSinceLast) {
    return attempts == 0 || secondsSinceLast >= INDEX_BACKOFF.longest(attempts).toSeconds();
  }
}

package dev.jlondiste.replica;

import static java.util.stream.Collectors.joining;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A foreign key as the user created it. For keys of partitioned tables these are the partitioned
 * tables, not their partitions.
 *
 * @param onDelete what the server does when a referenced row is deleted
 * @param columns of {@code from}, in the order of {@code keys}
 */
public record ForeignReference(
    TableName from,
    TableName to,
    String name,
    String onDelete,
    List<String> columns,
    List<String> keys) {
  private static final int SAMPLE = 3;
  private static final int COUNT_UP_TO = 1000;

  /**
   * A partition has a copy of each foreign key of its parent; since version 11 the copy names its
   * parent constraint.
   */
  private static final String TO =
      """
      with recursive keys (oid, parent) as (
          select k.oid, coalesce(to_jsonb(k) ->> 'conparentid', '0')::oid
            from pg_catalog.pg_constraint k
           where k.contype = 'f' and k.conrelid <> k.confrelid
             and k.confrelid = (select t.oid
                                  from pg_catalog.pg_class t
                                  join pg_catalog.pg_namespace s on s.oid = t.relnamespace
                                 where s.nspname = ? and t.relname = ?)
          union
          select k.oid, coalesce(to_jsonb(k) ->> 'conparentid', '0')::oid
            from keys
            join pg_catalog.pg_constraint k on k.oid = keys.parent)
      select fn.nspname, f.relname, tn.nspname, t.relname, k.conname,
             case k.confdeltype when 'c' then 'cascade' when 'n' then 'set null'
                                when 'd' then 'set default' when 'r' then 'restrict'
                                else 'no action' end,
             array(select a.attname::text
                     from unnest(k.conkey) with ordinality u (attnum, nr)
                     join pg_catalog.pg_attribute a
                       on a.attrelid = k.conrelid and a.attnum = u.attnum
                    order by u.nr),
             array(select a.attname::text
                     from unnest(k.confkey) with ordinality u (attnum, nr)
                     join pg_catalog.pg_attribute a
                       on a.attrelid = k.confrelid and a.attnum = u.attnum
                    order by u.nr)
        from keys
        join pg_catalog.pg_constraint k on k.oid = keys.oid
        join pg_catalog.pg_class f on f.oid = k.conrelid
        join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
        join pg_catalog.pg_class t on t.oid = k.confrelid
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
       where keys.parent = 0
       order by 1, 2, 5
      """;

  private static final String TARGETS =
      """
      with recursive parts (oid) as (
          select t.oid
            from pg_catalog.pg_class t
            join pg_catalog.pg_namespace s on s.oid = t.relnamespace
           where s.nspname = ? and t.relname = ?
          union
          select i.inhrelid from pg_catalog.pg_inherits i join parts on parts.oid = i.inhparent)
      select s.nspname, t.relname
        from parts
        join pg_catalog.pg_class t on t.oid = parts.oid
        join pg_catalog.pg_namespace s on s.oid = t.relnamespace
      """;

  /** Returns the foreign keys of other tables that refer to {@code table}. */
  public static List<ForeignReference> to(Connection db, TableName table) throws SQLException {
    return Sql.list(db, TO, ForeignReference::read, table.schema(), table.name());
  }

  private static ForeignReference read(ResultSet row) throws SQLException {
    return new ForeignReference(
        new TableName(row.getString(1), row.getString(2)),
        new TableName(row.getString(3), row.getString(4)),
        row.getString(5),
        row.getString(6),
        List.of((String[]) row.getArray(7).getArray()),
        List.of((String[]) row.getArray(8).getArray()));
  }

  /** The referenced table and its partitions. */
  List<TableName> targets(Connection db) throws SQLException {
    return Sql.list(
        db,
        TARGETS,
        row -> new TableName(row.getString(1), row.getString(2)),
        to.schema(),
        to.name());
  }

  /** Describes the rows whose referenced row is missing; empty if there are none. */
  Optional<String> orphans(Connection db) throws SQLException {
    List<String> rows = Sql.list(db, orphansSql(), row -> row.getString(1));
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    String count = rows.size() > COUNT_UP_TO ? "more than " + COUNT_UP_TO : "" + rows.size();
    return Optional.of(
        "%s row(s) of %s (%s) refer to rows of %s that are not there: (%s) = %s%s"
            .formatted(
                count,
                from,
                name,
                to,
                String.join(", ", columns),
                String.join(", ", rows.subList(0, Math.min(SAMPLE, rows.size()))),
                rows.size() > SAMPLE ? ", ..." : ""));
  }

  /**
   * True if rows refer to rows of {@code table}, which is {@link #to} or a partition of it, and if
   * this role lacks the privilege to check.
   */
  public boolean isUsed(Connection db, TableName table) throws SQLException {
    boolean mayLook =
        Sql.one(
            db, "select has_table_privilege(?, 'select')", row -> row.getBoolean(1), from.quoted());
    String sql =
        "select 1 from %s r where exists (select 1 from %s t where %s) limit 1"
            .formatted(from.quoted(), TableRows.of(db, table), matches());
    return !mayLook || Sql.first(db, sql, row -> 1).isPresent();
  }

  private String orphansSql() {
    String values = columns.stream().map(ForeignReference::referring).collect(joining(", "));
    String notNull =
        columns.stream()
            .map(column -> referring(column) + " is not null")
            .collect(joining(" and "));
    return "select row(%s)::text from %s r where %s and not exists (select 1 from %s t where %s) limit %d"
        .formatted(values, from.quoted(), notNull, to.quoted(), matches(), COUNT_UP_TO + 1);
  }

  private String matches() {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> "t." + Quoting.identifier(keys.get(i)) + " = " + referring(columns.get(i)))
        .collect(joining(" and "));
  }

  private static String referring(String column) {
    return "r." + Quoting.identifier(column);
  }

  /** Returns table, key and action. */
  @Override
  public String toString() {
    return from + " (" + name + ", on delete " + onDelete + ")";
  }
}

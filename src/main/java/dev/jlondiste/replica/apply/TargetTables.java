package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.apply.TargetTable.KeyType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of the local tables. Kept until {@link #forget}: call that after anything that may
 * have changed a table. Used by one thread only.
 */
public final class TargetTables {
  private static final int IDENTITY_COLUMNS = 10;

  private static final String TABLE =
      """
      select c.oid::bigint as oid,
             c.relkind = 'r'
             and not exists (select 1 from pg_catalog.pg_rewrite r where r.ev_class = c.oid) as plain
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  /**
   * Triggers that do not see single changes are left out: our own, which are silent while we write,
   * and the checks of foreign keys and deferrable constraints, which only refuse.
   */
  private static final String OBSERVED =
      """
      select exists (
        select 1
          from pg_catalog.pg_trigger t
          join pg_catalog.pg_proc p on p.oid = t.tgfoid
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where t.tgrelid = any (?::bigint[]::oid[])
           and t.tgenabled in (
                 'A',
                 case current_setting('session_replication_role')
                   when 'replica' then 'R' else 'O' end)
           and n.nspname not in ('pgq', 'londiste')
           and not (n.nspname = 'pg_catalog'
                    and p.proname in ('RI_FKey_check_ins', 'RI_FKey_check_upd',
                                      'RI_FKey_noaction_del', 'RI_FKey_noaction_upd',
                                      'RI_FKey_restrict_del', 'RI_FKey_restrict_upd',
                                      'unique_key_recheck')))
      """;

  /** Numbers with a scale and texts compared byte by byte are written in one way only. */
  private static final String COLUMNS =
      """
      select a.attname, to_jsonb(a) ->> 'attgenerated' as generated,
             a.atttypid || ' ' || a.atttypmod as type,
             case
               when t.oid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) then 'INTEGER'
               when t.oid in ('oid'::regtype, 'uuid'::regtype, 'bool'::regtype, 'date'::regtype,
                              'timestamp'::regtype)
                 or t.typtype = 'e'
                 or t.oid in ('text'::regtype, 'varchar'::regtype, 'name'::regtype)
                    and coalesce((select to_jsonb(l) ->> 'collisdeterministic'
                                    from pg_catalog.pg_collation l
                                   where l.oid = a.attcollation), 'true') = 'true'
                 or t.oid = 'numeric'::regtype
                    and case when b.typtype = 'd' then b.typtypmod else a.atttypmod end > 0
                 or t.oid = 'bpchar'::regtype
                    and case when b.typtype = 'd' then b.typtypmod else a.atttypmod end > 0
               then 'EXACT'
               else 'INEXACT'
             end as key_type
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_type b on b.oid = a.atttypid
        join pg_catalog.pg_type t
          on t.oid = case when b.typtype = 'd' then b.typbasetype else b.oid end
       where a.attrelid = ?::bigint::oid and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private static final String PARENTS =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_constraint k
        join pg_catalog.pg_class c on c.oid = k.confrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where k.conrelid = ?::bigint::oid and k.contype = 'f' and k.confrelid <> k.conrelid
      """;

  private static final String MAY_STAGE =
      "select has_database_privilege(current_database(), 'TEMP')";

  private final Map<TableName, TargetTable> tables = new HashMap<>();
  private final Map<TableName, RowStatement> statements = new HashMap<>();

  /** Of a table that does not exist nothing is known: its first statement will say so. */
  TargetTable table(TableName name, Connection local) throws SQLException {
    TargetTable known = tables.get(name);
    if (known == null) {
      known = read(name, local);
      tables.put(name, known);
    }
    return known;
  }

  private static TargetTable read(TableName name, Connection local) throws SQLException {
    return Sql.first(
            local,
            TABLE,
            row -> read(name, row.getLong("oid"), row.getBoolean("plain"), local),
            name.schema(),
            name.name())
        .orElse(new TargetTable(name, 0, 0, Set.of(), Map.of(), false, Set.of()));
  }

  private static TargetTable read(TableName name, long oid, boolean plain, Connection local)
      throws SQLException {
    Set<String> generated = new HashSet<>();
    Map<String, KeyType> keyTypes = new HashMap<>();
    int structure =
        Sql.list(local, COLUMNS, row -> column(row, generated, keyTypes), oid).hashCode();
    Set<TableName> parents =
        Set.copyOf(
            Sql.list(
                local,
                PARENTS,
                row -> new TableName(row.getString("nspname"), row.getString("relname")),
                oid));
    return new TargetTable(
        name, oid, structure, Set.copyOf(generated), Map.copyOf(keyTypes), plain, parents);
  }

  /** Returns what identifies the column and its type. */
  private static String column(ResultSet row, Set<String> generated, Map<String, KeyType> keyTypes)
      throws SQLException {
    String name = row.getString("attname");
    String kind = row.getString("generated");
    if (kind != null && !kind.isEmpty()) {
      generated.add(name);
    }
    keyTypes.put(name, KeyType.valueOf(row.getString("key_type")));
    return name + " " + row.getString("type");
  }

  /**
   * True when somebody would notice that changes are left out or come in another order: a trigger
   * fires in the present role, or one of them is no plain table.
   */
  boolean areObserved(Collection<TableName> names, Connection local) throws SQLException {
    List<Long> oids = new ArrayList<>();
    for (TableName name : names) {
      TargetTable table = table(name, local);
      if (!table.plain()) {
        return true;
      }
      oids.add(table.oid());
    }
    return Sql.one(local, OBSERVED, row -> row.getBoolean(1), oids);
  }

  RowStatement statements(TableName name, Connection local) throws SQLException {
    RowStatement known = statements.get(name);
    if (known == null) {
      int major = local.getMetaData().getDatabaseMajorVersion();
      known = new RowStatement(name, table(name, local).generated(), major >= IDENTITY_COLUMNS);
      statements.put(name, known);
    }
    return known;
  }

  /** Whether this role may create the temporary tables that sets are staged in. */
  static boolean mayStage(Connection local) throws SQLException {
    return Sql.one(local, MAY_STAGE, row -> row.getBoolean(1));
  }

  public void forget() {
    tables.clear();
    statements.clear();
  }
}

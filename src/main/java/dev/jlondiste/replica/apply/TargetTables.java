package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.apply.TargetTable.KeyType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of the local tables. Kept until {@link #forget}: call that after anything that may
 * have changed a table. Used by one thread only.
 */
public final class TargetTables {
  private static final int IDENTITY_COLUMNS = 10;

  /**
   * Triggers that do not see single changes: our own, which are silent while we write, and the
   * checks of foreign keys and deferrable constraints, which only refuse.
   */
  private static final String TABLE =
      """
      select c.oid::bigint as oid,
             c.relkind <> 'r'
             or exists (select 1 from pg_catalog.pg_rewrite r where r.ev_class = c.oid)
             or exists (
               select 1
                 from pg_catalog.pg_trigger t
                 join pg_catalog.pg_proc p on p.oid = t.tgfoid
                 join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
                where t.tgrelid = c.oid
                  and t.tgenabled in (
                        'A',
                        case current_setting('session_replication_role')
                          when 'replica' then 'R' else 'O' end)
                  and pn.nspname not in ('pgq', 'londiste')
                  and not (pn.nspname = 'pg_catalog'
                           and p.proname in ('RI_FKey_check_ins', 'RI_FKey_check_upd',
                                             'RI_FKey_noaction_del', 'RI_FKey_noaction_upd',
                                             'RI_FKey_restrict_del', 'RI_FKey_restrict_upd',
                                             'unique_key_recheck'))) as observed
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  /** Numbers with a scale and texts compared byte by byte are written in one way only. */
  private static final String COLUMNS =
      """
      select a.attname, to_jsonb(a) ->> 'attgenerated' as generated,
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
            row -> read(name, row.getLong("oid"), row.getBoolean("observed"), local),
            name.schema(),
            name.name())
        .orElse(new TargetTable(name, 0, Set.of(), Map.of(), true, Set.of()));
  }

  private static TargetTable read(TableName name, long oid, boolean observed, Connection local)
      throws SQLException {
    Set<String> generated = new HashSet<>();
    Map<String, KeyType> keyTypes =
        Sql.list(local, COLUMNS, row -> column(row, generated), oid).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Set<TableName> parents =
        Set.copyOf(
            Sql.list(
                local,
                PARENTS,
                row -> new TableName(row.getString("nspname"), row.getString("relname")),
                oid));
    return new TargetTable(name, oid, Set.copyOf(generated), keyTypes, observed, parents);
  }

  private static Map.Entry<String, KeyType> column(ResultSet row, Set<String> generated)
      throws SQLException {
    String name = row.getString("attname");
    String kind = row.getString("generated");
    if (kind != null && !kind.isEmpty()) {
      generated.add(name);
    }
    return Map.entry(name, KeyType.valueOf(row.getString("key_type")));
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

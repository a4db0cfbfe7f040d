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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The local tables, read from the system catalog when first needed and cached until {@link
 * #forget}, which must be called after anything that may have changed a table. Used by one thread
 * at a time.
 */
public final class TargetTables {
  private static final int IDENTITY_COLUMNS = 10;

  /** Tables that are read at once. */
  private static final int MAX_AT_ONCE = 1000;

  private static final String TABLES =
      """
      select n.nspname, c.relname, c.oid::bigint as oid,
             c.relkind = 'p' as partitioned,
             c.relkind in ('r', 'p')
             and not exists (select 1 from pg_catalog.pg_rewrite r where r.ev_class = c.oid) as plain
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where (n.nspname, c.relname) in (select * from unnest(?::name[], ?::name[]))
      """;

  /**
   * Triggers that fire in the current role, also on partitions, except Londiste's own, which have
   * no effect on the worker's writes.
   */
  private static final String FIRING =
      """
      with recursive tables (oid) as (
        select unnest(?::bigint[])::oid
         union
        select i.inhrelid
          from tables t
          join pg_catalog.pg_class c on c.oid = t.oid and c.relkind = 'p'
          join pg_catalog.pg_inherits i on i.inhparent = t.oid)
      select exists (
        select 1
          from pg_catalog.pg_trigger t
          join pg_catalog.pg_proc p on p.oid = t.tgfoid
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where t.tgrelid in (select r.oid from tables r)
           and t.tgenabled in (
                 'A',
                 case current_setting('session_replication_role')
                   when 'replica' then 'R' else 'O' end)
           and n.nspname not in ('pgq', 'londiste')
           and not (n.nspname = 'pg_catalog' and p.proname = any (?::name[])))
      """;

  private static final String CHECK_OF_UNIQUE_KEYS = "unique_key_recheck";

  /**
   * Functions of constraint triggers. They can only refuse a row, and behave alike for single and
   * bulk writes.
   */
  private static final List<String> CHECKS =
      List.of(
          CHECK_OF_UNIQUE_KEYS,
          "RI_FKey_check_ins",
          "RI_FKey_check_upd",
          "RI_FKey_noaction_del",
          "RI_FKey_noaction_upd",
          "RI_FKey_restrict_del",
          "RI_FKey_restrict_upd");

  /** Numbers with a scale and texts compared byte by byte are written in one way only. */
  private static final String COLUMNS =
      """
      select a.attrelid::bigint as oid, a.attname, to_jsonb(a) ->> 'attgenerated' as generated,
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
       where a.attrelid = any (?::bigint[]::oid[]) and a.attnum > 0 and not a.attisdropped
       order by a.attrelid, a.attnum
      """;

  private static final String PARENTS =
      """
      select k.conrelid::bigint as oid, n.nspname, c.relname
        from pg_catalog.pg_constraint k
        join pg_catalog.pg_class c on c.oid = k.confrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where k.conrelid = any (?::bigint[]::oid[])
         and k.contype = 'f' and k.confrelid <> k.conrelid
      """;

  private static final String MAY_CREATE_TEMP_TABLES =
      "select has_database_privilege(current_database(), 'TEMP')";

  private List<TableName> expected = List.of();
  private final Map<TableName, TargetTable> tables = new HashMap<>();
  private final Map<TableName, RowStatement> statements = new HashMap<>();
  private final Map<TableName, ComputedColumns> computed = new HashMap<>();

  /** Tables that will probably be needed. */
  public void expect(Collection<TableName> names) {
    expected = List.copyOf(names);
  }

  /** A table that does not exist has no columns: its first statement reports the error. */
  TargetTable table(TableName name, Connection local) throws SQLException {
    TargetTable known = tables.get(name);
    if (known == null) {
      readWithOthers(name, local);
      known = Objects.requireNonNull(tables.get(name));
    }
    return known;
  }

  /** The table, whose rows are written with these computed columns from now on. */
  TargetTable table(TableName name, ComputedColumns columns, Connection local) throws SQLException {
    if (!columns.equals(computed.getOrDefault(name, ComputedColumns.NONE))) {
      statements.remove(name);
    }
    // Even if they are equal: then the caller's comparisons with its own instance are fast.
    TargetTable known = table(name, local).with(columns);
    computed.put(name, columns);
    tables.put(name, known);
    return known;
  }

  /**
   * Many tables are read with few queries, and a single one does not wait for all: with a table, as
   * many others are read as are known already.
   */
  private void readWithOthers(TableName name, Connection local) throws SQLException {
    List<TableName> wanted = new ArrayList<>(List.of(name));
    expected.stream()
        .filter(other -> !tables.containsKey(other) && !other.equals(name))
        .limit(Math.min(tables.size(), MAX_AT_ONCE))
        .forEach(wanted::add);
    read(wanted, local);
  }

  private void read(List<TableName> names, Connection local) throws SQLException {
    Map<Long, Found> found = new LinkedHashMap<>();
    for (Found table :
        Sql.list(
            local,
            TABLES,
            TargetTables::found,
            names.stream().map(TableName::schema).toList(),
            names.stream().map(TableName::name).toList())) {
      found.put(table.oid, table);
    }
    List<Long> oids = List.copyOf(found.keySet());
    Sql.list(local, COLUMNS, row -> ofRow(row, found).addColumn(row), oids);
    Sql.list(local, PARENTS, row -> ofRow(row, found).parents.add(name(row)), oids);
    for (TableName name : names) {
      tables.put(name, none(name));
    }
    for (Found table : found.values()) {
      ComputedColumns columns = computed.getOrDefault(table.name, ComputedColumns.NONE);
      tables.put(table.name, table.asTarget().with(columns));
    }
  }

  private static TargetTable none(TableName name) {
    return new TargetTable(
        name, 0, 0, Set.of(), Map.of(), false, false, Set.of(), ComputedColumns.NONE);
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        name(row), row.getLong("oid"), row.getBoolean("partitioned"), row.getBoolean("plain"));
  }

  private static Found ofRow(ResultSet row, Map<Long, Found> found) throws SQLException {
    return Objects.requireNonNull(found.get(row.getLong("oid")));
  }

  private static TableName name(ResultSet row) throws SQLException {
    return new TableName(row.getString("nspname"), row.getString("relname"));
  }

  /** A table while it is being read. */
  private static final class Found {
    private final TableName name;
    private final long oid;
    private final boolean partitioned;
    private final boolean plain;
    private final List<String> columns = new ArrayList<>();
    private final Set<String> generated = new HashSet<>();
    private final Map<String, KeyType> keyTypes = new HashMap<>();
    private final Set<TableName> parents = new HashSet<>();

    Found(TableName name, long oid, boolean partitioned, boolean plain) {
      this.name = name;
      this.oid = oid;
      this.partitioned = partitioned;
      this.plain = plain;
    }

    boolean addColumn(ResultSet row) throws SQLException {
      String column = row.getString("attname");
      String kind = row.getString("generated");
      if (kind != null && !kind.isEmpty()) {
        generated.add(column);
      }
      keyTypes.put(column, KeyType.valueOf(row.getString("key_type")));
      return columns.add(column + " " + row.getString("type"));
    }

    TargetTable asTarget() {
      return new TargetTable(
          name,
          oid,
          columns.hashCode(),
          Set.copyOf(generated),
          Map.copyOf(keyTypes),
          partitioned,
          plain,
          Set.copyOf(parents),
          ComputedColumns.NONE);
    }
  }

  /**
   * True if a trigger or rule would see whether changes are left out or written in another order: a
   * trigger fires in the current role, or one of them is not a plain table.
   */
  boolean haveFiringTriggers(Collection<TableName> names, Connection local) throws SQLException {
    List<Long> oids = new ArrayList<>();
    for (TableName name : names) {
      TargetTable table = table(name, local);
      if (!table.plain()) {
        return true;
      }
      oids.add(table.oid());
    }
    return Sql.one(local, FIRING, row -> row.getBoolean(1), oids, CHECKS);
  }

  /**
   * True if to delete a row and to insert it with another key is not the same as to update it:
   * triggers fire in the current role, including those of foreign keys from and to the table.
   */
  boolean mustPreserveKeyUpdates(TableName name, Connection local) throws SQLException {
    TargetTable table = table(name, local);
    return table.plain()
        && Sql.one(
            local,
            FIRING,
            row -> row.getBoolean(1),
            List.of(table.oid()),
            List.of(CHECK_OF_UNIQUE_KEYS));
  }

  RowStatement statements(TableName name, Connection local) throws SQLException {
    RowStatement known = statements.get(name);
    if (known == null) {
      int major = local.getMetaData().getDatabaseMajorVersion();
      known = new RowStatement(table(name, local), major >= IDENTITY_COLUMNS);
      statements.put(name, known);
    }
    return known;
  }

  /** Whether this role may create the temporary tables that rows are staged in. */
  static boolean mayCreateTempTables(Connection local) throws SQLException {
    return Sql.one(local, MAY_CREATE_TEMP_TABLES, row -> row.getBoolean(1));
  }

  public void forget() {
    tables.clear();
    statements.clear();
  }
}

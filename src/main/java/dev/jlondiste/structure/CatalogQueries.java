package dev.jlondiste.structure;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.TableStructure.Column;
import dev.jlondiste.structure.TableStructure.Constraint;
import dev.jlondiste.structure.TableStructure.ForeignKey;
import dev.jlondiste.structure.TableStructure.Grant;
import dev.jlondiste.structure.TableStructure.Index;
import dev.jlondiste.structure.TableStructure.Rule;
import dev.jlondiste.structure.TableStructure.Trigger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query for each part of a table's definition. Where the catalogs differ between versions, a
 * query has a placeholder in braces, which {@link #forVersion} replaces. Requires {@code
 * search_path = pg_catalog}.
 */
final class CatalogQueries {
  private static final String COLUMNS =
      """
      with recursive base(attnum, typid) as (
        select attnum, atttypid from pg_attribute
         where attrelid = ?::oid and attnum > 0 and not attisdropped
        union all
        select b.attnum, t.typbasetype from base b join pg_type t on t.oid = b.typid
         where t.typtype = 'd')
      select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
             (select format_type(t2.oid, null) from base b join pg_type t2 on t2.oid = b.typid
               where b.attnum = a.attnum and t2.typtype <> 'd') as base_type,
             a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as expression,
             {identity} as identity, {generated} as generated,
             case when a.attcollation <> t.typcollation
                  then quote_ident(cn.nspname) || '.' || quote_ident(co.collname) end as collation,
             case when a.attstorage <> t.typstorage then a.attstorage::text end as storage,
             col_description(a.attrelid, a.attnum) as comment
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_collation co on co.oid = a.attcollation
        left join pg_namespace cn on cn.oid = co.collnamespace
       where a.attrelid = ?::oid and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  private static final String PRIMARY_KEY =
      """
      select a.attname
        from pg_index i
       cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, pos)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
       where i.indrelid = ?::oid and i.indisprimary and k.pos <= i.{key_columns}
       order by k.pos
      """;

  /**
   * Statements that restore the properties that {@code create index} does not. Statistics targets
   * come first, because a following ANALYZE needs them.
   */
  private static final String AFTERWARDS =
      """
      array_remove(array(
        select format('alter index %s alter column {index_column} set statistics %s',
                      ic.oid::regclass, {index_column_name}, sa.attstattarget)
          from pg_attribute sa
         where sa.attrelid = ic.oid and sa.attstattarget >= 0
         order by sa.attnum) || array[
          case when ic.reltablespace <> 0
               then format('alter index %s set tablespace %I', ic.oid::regclass,
                           (select spcname from pg_tablespace where oid = ic.reltablespace)) end,
          case when i.indisclustered
               then format('alter table %s cluster on %I', i.indrelid::regclass, ic.relname) end,
          case when i.indisreplident
               then format('alter table %s replica identity using index %I',
                           i.indrelid::regclass, ic.relname) end,
          {comment}], null)\
      """;

  /**
   * True for an index that can be dropped and created again without loss. False if the server would
   * refuse to drop it alone (a foreign key or a view depends on it, or it is attached to the index
   * of a partitioned table), or if it may not be restored as it was: it belongs to an extension or
   * depends on one, the role has no CREATE privilege on its tablespace, or its expression calls a
   * function that may depend on the search_path of the caller, which servers since 17 do not use in
   * index builds.
   */
  private static final String REMOVABLE =
      """
      {index_is_free} and i.indisvalid
      and (ic.reltablespace = 0 or has_tablespace_privilege(ic.reltablespace, 'create'))
      and not exists (
        select 1 from pg_depend d
         where d.deptype = 'n' and d.refclassid = 'pg_class'::regclass
           and d.refobjid = i.indexrelid)
      and not exists (
        select 1 from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
           and d.deptype in ('e', 'x'))
      and not exists (
        select 1 from pg_depend d
          left join pg_operator o
            on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid
          join pg_proc f
            on f.oid = case when d.refclassid = 'pg_proc'::regclass then d.refobjid else o.oprcode end
          join pg_language l on l.oid = f.prolang and l.lanname not in ('internal', 'c')
         where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
           and not coalesce(f.proconfig::text ~ '[{,"]search_path=', false))
      {index_options_are_known}\
      """;

  /** Storage parameters of a constraint's index, which pg_get_constraintdef omits. */
  private static final String INDEX_OPTIONS =
      """
      coalesce(' WITH (' || (
        select string_agg(quote_ident(split_part(o, '=', 1)) || '='
                          || quote_literal(substr(o, strpos(o, '=') + 1)), ', ' order by nr)
          from unnest(ic.reloptions) with ordinality p(o, nr)) || ')', '')\
      """;

  private static final String CONSTRAINTS =
      """
      select k.name, k.kind,
             case when k.kind in ('p', 'u')
                  then left(k.body, length(k.body) - length(k.deferral)) || k.options || k.deferral
                  else k.body end as definition,
             k.afterwards, k.removable
        from (
      select k.conname as name, k.contype::text as kind, pg_get_constraintdef(k.oid) as body,
             case when k.condeferrable then ' DEFERRABLE' else '' end
             || case when k.condeferred then ' INITIALLY DEFERRED' else '' end as deferral,
             {index_options} as options,
             case when i.indexrelid is null then '{}'::text[] else {afterwards} end
             || case when obj_description(k.oid, 'pg_constraint') is null then '{}'::text[] else
               array[format('comment on constraint %I on %s is %L', k.conname,
                            k.conrelid::regclass, obj_description(k.oid, 'pg_constraint'))] end
               as afterwards,
             coalesce(k.coninhcount = 0 and not exists (
               select 1 from pg_depend d
                where d.refclassid = 'pg_constraint'::regclass and d.refobjid = k.oid
                  and d.deptype = 'n')
               and not exists (
               select 1 from pg_depend d
                where d.classid = 'pg_constraint'::regclass and d.objid = k.oid
                  and d.deptype in ('e', 'x'))
               and {removable}, true) as removable
        from pg_constraint k
        left join pg_index i on i.indexrelid = k.conindid
        left join pg_class ic on ic.oid = i.indexrelid
       where k.conrelid = ?::oid and k.contype in ('p', 'u', 'c', 'x')) k
       order by case k.kind when 'c' then 1 when 'p' then 2 when 'u' then 3 else 4 end, k.name
      """;

  private static final String INDEXES =
      """
      select ic.relname as name, i.indisunique as is_unique,
             substr(pg_get_indexdef(i.indexrelid), length(
               'CREATE ' || case when i.indisunique then 'UNIQUE ' else '' end || 'INDEX '
               || quote_ident(ic.relname) || ' ON ' || case when t.relkind = 'p' then 'ONLY ' else '' end
               || quote_ident(n.nspname) || '.' || quote_ident(t.relname)) + 1) as definition,
             {afterwards} as afterwards,
             {removable} as removable,
             i.indisvalid as is_valid
        from pg_index i
        join pg_class ic on ic.oid = i.indexrelid
        join pg_class t on t.oid = i.indrelid
        join pg_namespace n on n.oid = t.relnamespace
       where i.indrelid = ?::oid
         and not exists (select 1 from pg_constraint k
                          where k.conindid = i.indexrelid and k.conrelid = i.indrelid
                            and k.contype in ('p', 'u', 'x'))
       order by ic.relname
      """;

  private static final String FOREIGN_KEYS =
      """
      select fn.nspname, f.relname, tn.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid)
        from pg_constraint k
        join pg_class f on f.oid = k.conrelid
        join pg_namespace fn on fn.oid = f.relnamespace
        join pg_class t on t.oid = k.confrelid
        join pg_namespace tn on tn.oid = t.relnamespace
       where k.contype = 'f' and ?::oid in (k.conrelid, k.confrelid)
       order by 1, 2, 5
      """;

  private static final String TRIGGERS =
      """
      select t.tgname, pg_get_triggerdef(t.oid), t.tgenabled::text
        from pg_trigger t
        join pg_proc p on p.oid = t.tgfoid
        join pg_namespace n on n.oid = p.pronamespace
       where t.tgrelid = ?::oid and not t.tgisinternal
         and n.nspname not in ('pgq', 'pgq_node', 'pgq_ext', 'pgq_coop', 'londiste')
         and t.tgname not like '\\_londiste\\_%'
       order by t.tgname
      """;

  private static final String RULES =
      """
      select rulename, pg_get_ruledef(oid), ev_enabled::text
        from pg_rewrite
       where ev_class = ?::oid and rulename <> '_RETURN'
       order by rulename
      """;

  private static final String PARENTS =
      """
      select n.nspname, p.relname
        from pg_inherits i
        join pg_class p on p.oid = i.inhparent
        join pg_namespace n on n.oid = p.relnamespace
       where i.inhrelid = ?::oid
       order by i.inhseqno
      """;

  private static final String GRANTS =
      """
      select coalesce(r.rolname, ''), a.privilege_type, a.is_grantable, a.attname
        from (select c.relowner, x.grantee, x.privilege_type, x.is_grantable, null::name as attname
                from pg_class c cross join lateral aclexplode(c.relacl) x
               where c.oid = ?::oid
              union all
              select c.relowner, x.grantee, x.privilege_type, x.is_grantable, t.attname
                from pg_class c join pg_attribute t on t.attrelid = c.oid
               cross join lateral aclexplode(t.attacl) x
               where c.oid = ?::oid and not t.attisdropped) a
        left join pg_roles r on r.oid = a.grantee
       where a.grantee <> a.relowner and (a.grantee = 0 or r.oid is not null)
       order by 1, 4 nulls first, 2
      """;

  private final Connection db;
  private final long table;
  private final int version;

  CatalogQueries(Connection db, long table) throws SQLException {
    this.db = db;
    this.table = table;
    this.version = ServerVersion.of(db);
  }

  private String forVersion(String sql) {
    String comment =
        "case when obj_description(ic.oid, 'pg_class') is not null then"
            + " format('comment on index %s is %L', ic.oid::regclass,"
            + " obj_description(ic.oid, 'pg_class')) end";
    // ALTER INDEX identifies columns by number since 11, and accepted their names before.
    boolean byNumber = version >= 110000;
    return sql.replace("{afterwards}", AFTERWARDS)
        .replace("{removable}", REMOVABLE)
        .replace("{index_options}", INDEX_OPTIONS)
        .replace("{index_column}", byNumber ? "%s" : "%I")
        .replace("{index_column_name}", byNumber ? "sa.attnum" : "sa.attname")
        .replace("{comment}", comment)
        .replace("{identity}", version >= 100000 ? "a.attidentity::text" : "''::text")
        .replace("{generated}", version >= 120000 ? "a.attgenerated::text" : "''::text")
        .replace("{key_columns}", version >= 110000 ? "indnkeyatts" : "indnatts")
        // An index attached to a parent's index can only be dropped with that one.
        .replace("{index_is_free}", version >= 110000 ? "not ic.relispartition" : "true")
        // Since 13 these are options of operator classes, and part of the definition.
        .replace(
            "{index_options_are_known}",
            version >= 130000
                ? ""
                : "and not exists (select 1 from pg_attribute oa"
                    + " where oa.attrelid = i.indexrelid and oa.attoptions is not null)");
  }

  List<Column> columns() throws SQLException {
    return Sql.list(db, forVersion(COLUMNS), CatalogQueries::readColumn, table, table);
  }

  private static Column readColumn(ResultSet row) throws SQLException {
    return new Column(
        row.getString("name"),
        row.getString("type"),
        row.getString("base_type"),
        row.getBoolean("not_null"),
        row.getString("expression"),
        row.getString("identity"),
        row.getString("generated"),
        row.getString("collation"),
        row.getString("storage"),
        row.getString("comment"));
  }

  List<String> primaryKey() throws SQLException {
    return Sql.list(db, forVersion(PRIMARY_KEY), row -> row.getString(1), table);
  }

  List<Constraint> constraints() throws SQLException {
    return Sql.list(
        db,
        forVersion(CONSTRAINTS),
        row ->
            new Constraint(
                row.getString("name"),
                row.getString("kind"),
                row.getString("definition"),
                texts(row.getArray("afterwards")),
                row.getBoolean("removable")),
        table);
  }

  List<Index> indexes() throws SQLException {
    return Sql.list(
        db,
        forVersion(INDEXES),
        row ->
            new Index(
                row.getString("name"),
                row.getBoolean("is_unique"),
                row.getString("definition").strip(),
                texts(row.getArray("afterwards")),
                row.getBoolean("removable"),
                row.getBoolean("is_valid")),
        table);
  }

  private static List<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  List<ForeignKey> foreignKeys() throws SQLException {
    return Sql.list(
        db,
        FOREIGN_KEYS,
        row ->
            new ForeignKey(
                new TableName(row.getString(1), row.getString(2)),
                new TableName(row.getString(3), row.getString(4)),
                row.getString(5),
                row.getString(6)),
        table);
  }

  List<Trigger> triggers() throws SQLException {
    return Sql.list(
        db,
        TRIGGERS,
        row -> new Trigger(row.getString(1), row.getString(2), row.getString(3)),
        table);
  }

  List<Rule> rules() throws SQLException {
    return Sql.list(
        db, RULES, row -> new Rule(row.getString(1), row.getString(2), row.getString(3)), table);
  }

  List<TableName> parents() throws SQLException {
    return Sql.list(db, PARENTS, row -> new TableName(row.getString(1), row.getString(2)), table);
  }

  List<Grant> grants() throws SQLException {
    return Sql.list(
        db,
        GRANTS,
        row -> new Grant(row.getString(1), row.getString(2), row.getBoolean(3), row.getString(4)),
        table,
        table);
  }
}

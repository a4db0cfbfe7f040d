package dev.jlondiste.admin;

import dev.jlondiste.servers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects of a database, for comparisons before and after a command. */
final class Catalog {
  /** Everything that could be left behind; sequences have none of their own on 9.6. */
  private static final List<String> TABLES =
      List.of(
          "pg_namespace",
          "pg_proc",
          "pg_class",
          "pg_attribute",
          "pg_attrdef",
          "pg_index",
          "pg_inherits",
          "pg_constraint",
          "pg_trigger",
          "pg_event_trigger",
          "pg_rewrite",
          "pg_type",
          "pg_description",
          "pg_default_acl",
          "pg_init_privs",
          "pg_extension",
          "pg_depend",
          "pg_shdepend where dbid = (select oid from pg_database where datname = current_database())");

  private static final String OBJECTS =
      """
      select 'schema ' || n.nspname || ' of ' || pg_get_userbyid(n.nspowner) || ' for '
             || coalesce(array(select a::text from unnest(n.nspacl) a order by 1)::text, '')
        from pg_namespace n where n.nspname ~ '^(pgq|londiste)'
      union all
      select 'function ' || p.oid::regprocedure || ' (' || pg_get_function_arguments(p.oid) || ') returns '
             || pg_get_function_result(p.oid) || ' of ' || pg_get_userbyid(p.proowner)
             || concat_ws(' ', '', p.prosecdef, p.proisstrict, p.provolatile, p.proconfig, md5(p.prosrc)) || ' for '
             || coalesce(array(select a::text from unnest(p.proacl) a order by 1)::text, '')
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname ~ '^(pgq|londiste)'
      union all
      select 'relation ' || c.oid::regclass || concat_ws(' ', '', c.relkind, c.reloptions) || ' of '
             || pg_get_userbyid(c.relowner) || ' for '
             || coalesce(array(select a::text from unnest(c.relacl) a order by 1)::text, '')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname ~ '^(pgq|londiste)'
      union all
      select 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
             || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where n.nspname ~ '^(pgq|londiste)' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      union all
      select 'constraint ' || o.conname || ' ' || pg_get_constraintdef(o.oid)
        from pg_constraint o join pg_namespace n on n.oid = o.connamespace
       where n.nspname ~ '^(pgq|londiste)'
      union all
      select 'index ' || pg_get_indexdef(i.indexrelid)
        from pg_index i
        join pg_class c on c.oid = i.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
       where n.nspname ~ '^(pgq|londiste)'
      union all
      select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t where not t.tgisinternal
      union all
      select 'member of ' || e.extname || ': ' || pg_describe_object(d.classid, d.objid, d.objsubid)
        from pg_depend d join pg_extension e on e.oid = d.refobjid
       where d.deptype = 'e' and e.extname <> 'plpgsql'
      union all
      select 'dumped with ' || e.extname || ': ' || c::regclass
        from pg_extension e, unnest(e.extconfig) c
      order by 1
      """;

  private Catalog() {}

  /** Each object of our schemas and all triggers, one line each: definition, owner, grants. */
  static List<@Nullable String> objects(TestDatabase database) {
    return new ArrayList<>(database.column(OBJECTS));
  }

  /** How many entries each table of the server's catalogue has. */
  static Map<String, Long> counts(TestDatabase database) {
    Map<String, Long> counts = new TreeMap<>();
    TABLES.forEach(table -> counts.put(table, database.count(table)));
    return counts;
  }
}

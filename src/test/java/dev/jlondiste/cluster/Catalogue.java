package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server's catalogue holds of the tables, indexes, constraints and rules of a schema:
 * every column but those that differ for an object that was dropped and created again exactly as it
 * was. Of a partition's part of a foreign key {@code connoinherit} is one: it means nothing there,
 * and tells whether the partition had the key before the partitioned table.
 */
public final class Catalogue {
  private static final String LINES =
      """
      with t as (
        select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p'))
      select 'table ' || t.relname as what,
             (to_jsonb(c) - 'oid' - 'relfilenode' - 'relpages' - 'reltuples' - 'relallvisible'
              - 'relallfrozen' - 'relfrozenxid' - 'relminmxid' - 'relhastriggers')::text as facts
        from t join pg_class c on c.oid = t.oid
       union all
      select 'index ' || t.relname || ' ' || c.relname,
             pg_get_indexdef(i.indexrelid) || ' '
             || (to_jsonb(i) - 'indexrelid' - 'indexprs' - 'indpred' - 'indcheckxmin')::text || ' '
             || (to_jsonb(c) - 'oid' - 'relfilenode' - 'relpages' - 'reltuples' - 'relallvisible'
                 - 'relallfrozen')::text
             || coalesce(' comment ' || obj_description(c.oid, 'pg_class'), '')
             || coalesce((select ' extension ' || string_agg(d.deptype::text, '') from pg_depend d
                           where d.classid = 'pg_class'::regclass and d.objid = c.oid
                             and d.deptype in ('e', 'x')), '')
        from t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
       union all
      select 'index column ' || t.relname || ' ' || c.relname || ' ' || a.attnum,
             (to_jsonb(a) - 'attrelid')::text
        from t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
        join pg_attribute a on a.attrelid = c.oid
       union all
      select 'constraint ' || t.relname || ' ' || k.conname,
             pg_get_constraintdef(k.oid) || ' '
             || (to_jsonb(k) - 'oid' - 'conindid' - 'conbin' - 'consrc' - 'conparentid'
                 - case when k.contype = 'f' and k.coninhcount > 0 then 'connoinherit' else '' end)::text
             || coalesce(' comment ' || obj_description(k.oid, 'pg_constraint'), '')
             || coalesce((select ' triggers ' || string_agg(
                                   concat_ws('/', g.tgfoid::regproc, g.tgtype, g.tgenabled,
                                             g.tgdeferrable, g.tginitdeferred, g.tgrelid::regclass),
                                   ' ' order by g.tgfoid::regproc::text, g.tgrelid)
                            from pg_trigger g where g.tgconstraint = k.oid), '')
        from t join pg_constraint k on k.conrelid = t.oid
       union all
      select 'rule ' || t.relname || ' ' || r.rulename,
             pg_get_ruledef(r.oid) || ' ' || r.ev_enabled::text
             || coalesce(' comment ' || obj_description(r.oid, 'pg_rewrite'), '')
        from t join pg_rewrite r on r.ev_class = t.oid
       order by 1, 2
      """;

  private Catalogue() {}

  public static List<List<@Nullable String>> of(TestDatabase database) {
    return database.rows(LINES);
  }
}

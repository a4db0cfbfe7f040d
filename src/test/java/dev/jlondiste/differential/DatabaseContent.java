package dev.jlondiste.differential;

import java.util.List;

/**
 * What is looked at after a sequence.
 *
 * @param queries give rows, in any order
 */
record DatabaseContent(List<String> queries) {
  private static final String USER_TABLE =
      " c.relnamespace not in (select n.oid from pg_namespace n where n.nspname in"
          + " ('pgq', 'pgq_node', 'londiste', 'pg_catalog', 'information_schema', 'pg_toast')) ";

  private static final String EVENTS =
      "select tableoid::regclass::text as event_table, * from pgq.event_template";

  /**
   * The owner may do everything, whether or not that is written down; the order of the others means
   * nothing.
   */
  private static final String PRIVILEGES =
      " (select string_agg(format('%s=%s%s', grantee::regrole, privilege_type, case when is_grantable then '*' end), ' '"
          + " order by grantee::regrole::text, privilege_type) from aclexplode(c.relacl) where grantee <> c.relowner)"
          + " as privileges ";

  /** All tables and sequences of the schemas, and what the functions do to others. */
  static final DatabaseContent EVERYTHING =
      new DatabaseContent(
          List.of(
              "select * from pgq.consumer",
              "select * from pgq.queue",
              "select * from pgq.tick",
              "select * from pgq.subscription",
              EVENTS,
              "select * from pgq.retry_queue",
              "select * from pgq_node.node_location",
              "select * from pgq_node.node_info",
              "select * from pgq_node.local_state",
              "select * from pgq_node.subscriber_info",
              "select * from londiste.table_info",
              "select * from londiste.seq_info",
              "select * from londiste.applied_execute",
              "select * from londiste.pending_fkeys",
              """
              select schemaname, sequencename, last_value from pg_sequences
               where (schemaname, sequencename) <> ('londiste', 'dead_letter_id_seq') -- only ours
              """,
              // what a queue is made of
              """
              select c.oid::regclass::text, c.relkind, %s, c.reloptions::text,
                     pg_get_userbyid(c.relowner),
                     (select string_agg(a.attname || ':' || pg_get_expr(d.adbin, d.adrelid), ' ' order by a.attnum)
                        from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
                       where d.adrelid = c.oid) as defaults,
                     (select string_agg(i.inhparent::regclass::text, ' ') from pg_inherits i where i.inhrelid = c.oid) as parents
                from pg_class c
               where c.oid::regclass::text like 'pgq.event%' and c.relkind <> 'i'
              """
                  .replace("%s", PRIVILEGES),
              "select indexdef from pg_indexes where tablename like 'event%'",
              // user's tables
              """
              select c.oid::regclass::text, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
                from pg_trigger t join pg_class c on c.oid = t.tgrelid
               where not t.tgisinternal and %s
              """
                  .formatted(USER_TABLE),
              """
              select c.oid::regclass::text, k.conname, k.convalidated, pg_get_constraintdef(k.oid)
                from pg_constraint k join pg_class c on c.oid = k.conrelid
               where %s
              """
                  .formatted(USER_TABLE),
              """
              select c.oid::regclass::text, c.relkind, %s, pg_get_userbyid(c.relowner),
                     (select string_agg(r.rulename || r.ev_enabled || pg_get_ruledef(r.oid), ' ' order by r.rulename)
                        from pg_rewrite r where r.ev_class = c.oid) as rules,
                     (select string_agg(pg_get_indexdef(i.indexrelid), ' ' order by i.indexrelid::regclass::text)
                        from pg_index i where i.indrelid = c.oid) as indexes
                from pg_class c
               where c.relkind <> 'i' and %s
              """
                  .formatted(PRIVILEGES, USER_TABLE)));

  /** The events alone, in their order. */
  static final DatabaseContent EVENTS_ALONE =
      new DatabaseContent(
          List.of(
              """
              select to_char(ev_id, '0000') as nr, tableoid::regclass as event_table, ev_owner, ev_retry,
                     ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4
                from pgq.event_template
              """));
}

package dev.jlondiste.structure;

import dev.jlondiste.db.TableName;
import dev.jlondiste.servers.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The properties that a table and its copy must have in common, read from the server independently
 * of the code under test.
 */
final class TableSnapshot {
  private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put(
        "columns",
        """
        select column_name, ordinal_position > 0, column_default, is_nullable, data_type, udt_name,
               domain_name, collation_name, character_maximum_length, numeric_precision,
               numeric_scale, datetime_precision
          from information_schema.columns
         where table_schema || '.' || table_name = ?
         order by ordinal_position
        """);
    QUESTIONS.put(
        "column storage and comments",
        """
        select attname, attstorage::text, col_description(attrelid, attnum)
          from pg_attribute where attrelid = {table} and attnum > 0 and not attisdropped
         order by attnum
        """);
    QUESTIONS.put(
        "constraints",
        """
        select conname, contype::text, pg_get_constraintdef(oid), condeferrable, condeferred
          from pg_constraint where conrelid = {table} and contype in ('p', 'u', 'c', 'x')
         order by 1
        """);
    QUESTIONS.put(
        "indexes",
        "select pg_get_indexdef(indexrelid) from pg_index where indrelid = {table} order by 1");
    QUESTIONS.put(
        "triggers",
        """
        select tgname, replace(pg_get_triggerdef(oid), 'EXECUTE FUNCTION', 'EXECUTE PROCEDURE'),
               tgenabled::text
          from pg_trigger
         where tgrelid = {table} and not tgisinternal and tgfoid::regproc::text <> 'pgq.logutriga'
         order by 1
        """);
    QUESTIONS.put(
        "rules",
        "select rulename, pg_get_ruledef(oid), ev_enabled::text from pg_rewrite"
            + " where ev_class = {table} order by 1");
    QUESTIONS.put(
        "grants",
        """
        select grantee, privilege_type, is_grantable, null
          from information_schema.table_privileges where table_schema || '.' || table_name = ?
           and privilege_type <> 'MAINTAIN'
        union all
        select grantee, privilege_type, is_grantable, column_name
          from information_schema.column_privileges where table_schema || '.' || table_name = ?
         order by 1, 2, 4
        """);
    QUESTIONS.put(
        "table",
        """
        select pg_get_userbyid(relowner), reloptions::text, relpersistence::text,
               obj_description(oid, 'pg_class')
          from pg_class where oid = {table}
        """);
    QUESTIONS.put(
        "owned sequences",
        """
        select s.oid::regclass::text, a.attname, d.deptype::text
          from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
          join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
         where d.refobjid = {table} and d.deptype in ('a', 'i') order by 1
        """);
  }

  /**
   * Properties that a table rebuilt in place keeps, and that a table created on another server does
   * not have.
   */
  private static final String IN_PLACE =
      """
      select i.indexrelid::regclass::text, i.indisclustered, i.indisreplident,
             obj_description(i.indexrelid, 'pg_class'),
             (select obj_description(k.oid, 'pg_constraint') from pg_constraint k
               where k.conindid = i.indexrelid and k.contype <> 'f')
        from pg_index i where i.indrelid = {table} order by 1
      """;

  private TableSnapshot() {}

  static Map<String, List<List<@Nullable String>>> of(TestDatabase database, TableName table) {
    Map<String, List<List<@Nullable String>>> answers = new LinkedHashMap<>();
    QUESTIONS.forEach((what, sql) -> answers.put(what, ask(database, table, sql)));
    return answers;
  }

  static List<List<@Nullable String>> inPlace(TestDatabase database, TableName table) {
    return ask(database, table, IN_PLACE);
  }

  private static List<List<@Nullable String>> ask(
      TestDatabase database, TableName table, String sql) {
    String question =
        sql.replace("{table}", "'" + table.quoted() + "'::regclass")
            .replace("= ?", "= '" + table.full() + "'");
    return database.rows(question);
  }
}

package dev.jlondiste.replica.script;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables of a database that scripts seem to use. */
final class ScriptTables {
  private static final String TABLES =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and c.relname = any (?::text[])
         and n.nspname not in ('pg_catalog', 'information_schema', 'pgq', 'pgq_node', 'londiste')
       order by 1, 2
      """;

  private ScriptTables() {}

  /** Returns the existing tables whose names are words of the scripts, quoted. */
  static List<String> named(Connection db, List<Script> scripts) throws SQLException {
    List<String> words =
        scripts.stream()
            .flatMap(script -> ScriptReader.names(script.name(), script.sql()).stream())
            .distinct()
            .toList();
    return Sql.list(
        db, TABLES, row -> new TableName(row.getString(1), row.getString(2)).quoted(), words);
  }
}

package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header of a script: the objects that a node must have for the script to run there. */
record ScriptAttributes(Map<String, String> needs) {
  /**
   * Parses the header; {@code encoded} is null for a script without header, which runs everywhere.
   */
  static ScriptAttributes parse(@Nullable String encoded) {
    return new ScriptAttributes(encoded == null ? Map.of() : UrlEncoding.decodeDictionary(encoded));
  }

  /** Returns true if all objects exist, false if none does; anything between is an error. */
  boolean matches(Connection local, String queue, String file) throws SQLException {
    List<String> matches = new ArrayList<>();
    List<String> misses = new ArrayList<>();
    for (Map.Entry<String, String> need : needs.entrySet()) {
      for (String name : need.getValue().split(",")) {
        (isThere(local, queue, need.getKey(), name.trim()) ? matches : misses).add(name.trim());
      }
    }
    if (!matches.isEmpty() && !misses.isEmpty()) {
      throw new IllegalStateException(
          file
              + ": SQL only partially matches local setup: matches="
              + matches
              + " misses="
              + misses);
    }
    return misses.isEmpty();
  }

  /** Replaces {@code @name@} of the header's objects by their local names. */
  String withLocalNames(String sql, Connection local, String queue) throws SQLException {
    Map<TableName, TableName> renamed = new HashMap<>();
    for (TableInfo table : LondisteFunctions.getTables(local, queue)) {
      renamed.put(table.name(), table.destination());
    }
    String result = sql;
    for (Map.Entry<String, String> need : needs.entrySet()) {
      if (need.getKey().startsWith("local-")) {
        for (String text : need.getValue().split(",")) {
          TableName name = TableName.parse(text.trim());
          result =
              result.replace("@" + text.trim() + "@", renamed.getOrDefault(name, name).quoted());
        }
      }
    }
    return result;
  }

  private static boolean isThere(Connection local, String queue, String kind, String name)
      throws SQLException {
    return switch (kind) {
      case "local-table" ->
          exists(
              local,
              "select 1 from londiste.table_info where queue_name = ? and table_name = ? and local",
              queue,
              TableName.parse(name).full());
      case "local-destination" ->
          exists(
              local,
              """
              select 1 from londiste.table_info
               where queue_name = ? and table_name = ? and local
                 and londiste.find_table_oid(coalesce(dest_table, table_name)) is not null
              """,
              queue,
              TableName.parse(name).full());
      case "local-sequence" ->
          exists(
              local,
              "select 1 from londiste.seq_info where queue_name = ? and seq_name = ? and local",
              queue,
              TableName.parse(name).full());
      case "need-table" -> relation(local, name, "r");
      case "need-sequence" -> relation(local, name, "S");
      case "need-view" -> relation(local, name, "v");
      case "need-schema" ->
          exists(local, "select 1 from pg_catalog.pg_namespace where nspname = ?", name);
      case "need-function" -> function(local, name);
      default -> throw new IllegalStateException("Invalid key: " + kind);
    };
  }

  private static boolean relation(Connection local, String name, String kind) throws SQLException {
    TableName table = TableName.parse(name);
    return exists(
        local,
        """
        select 1 from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where n.nspname = ? and c.relname = ? and c.relkind = ?
        """,
        table.schema(),
        table.name(),
        kind);
  }

  /** {@code text} is {@code name(nargs)}. */
  private static boolean function(Connection local, String text) throws SQLException {
    int bracket = text.indexOf('(');
    TableName name = TableName.parse(bracket < 0 ? text : text.substring(0, bracket));
    String arguments = bracket < 0 ? "0" : text.substring(bracket + 1, text.length() - 1);
    return exists(
        local,
        """
        select 1 from pg_catalog.pg_proc p
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where n.nspname = ? and p.proname = ? and p.pronargs = ?::int4
        """,
        name.schema(),
        name.name(),
        arguments);
  }

  private static boolean exists(Connection local, String sql, String... parameters)
      throws SQLException {
    return Sql.first(local, sql, row -> true, (Object[]) parameters).isPresent();
  }
}

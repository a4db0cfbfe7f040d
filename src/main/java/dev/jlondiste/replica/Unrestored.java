package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.structure.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of {@code londiste.unrestored}: the objects that could not be restored, and why. The
 * transaction that abandons an index records it there, so its definition is never lost. Stateless;
 * the caller owns the transaction.
 */
public final class Unrestored {
  private static final Logger log = LoggerFactory.getLogger(Unrestored.class);

  private static final String RECORD =
      """
      insert into londiste.unrestored as u (table_name, kind, object_name, create_sql, problem)
      values (?, ?, ?, ?, ?)
          on conflict (table_name, kind, object_name) do update
         set create_sql = excluded.create_sql, problem = excluded.problem,
             attempts = u.attempts + 1, last_attempt = clock_timestamp()
      """;
  private static final String FORGET =
      "delete from londiste.unrestored where table_name = ? and kind = ? and object_name = ?";
  private static final String INDEXES =
      """
      select u.object_name, u.create_sql
        from londiste.unrestored u
       where u.table_name = ? and u.kind = 'index'
         and not exists (
               select 1 from pg_catalog.pg_index i
                 join pg_catalog.pg_class c on c.oid = i.indexrelid and c.relname = u.object_name
                where i.indrelid = pg_catalog.to_regclass(?))
       order by u.object_name
      """;
  private static final String HOLD =
      """
      select 1 from londiste.unrestored
       where table_name = ? and kind = ? and object_name = ? for update
      """;

  /** Classes of SQLSTATE that a retry alone does not fix; an operator must act. */
  private static final Set<String> LASTING =
      Set.of("0B", "21", "22", "23", "2F", "38", "39", "3F", "42", "44", "54", "55", "P0");

  private Unrestored() {}

  /**
   * Returns the statements that create the recorded indexes, by name, without indexes that exist
   * again.
   */
  public static Map<String, String> indexes(Connection local, TableName table) throws SQLException {
    Map<String, String> result = new LinkedHashMap<>();
    if (PendingRestores.areProblemsKept(local)) {
      Sql.list(
          local,
          INDEXES,
          row -> result.put(row.getString(1), row.getString(2)) == null,
          table.full(),
          table.quoted());
    }
    return result;
  }

  /**
   * Creates an index, or records why that is not possible. Throws without recording if the next
   * attempt may succeed, and where the database cannot store records.
   *
   * @return false if it was recorded instead
   */
  public static boolean create(Connection local, TableName table, String name, String createSql)
      throws SQLException {
    if (!PendingRestores.areProblemsKept(local)) {
      Ddl.run(local, createSql);
      return true;
    }
    Savepoint before = local.setSavepoint();
    try {
      Ddl.run(local, createSql);
      local.releaseSavepoint(before);
      forget(local, table, PendingRestore.Kind.INDEX, name);
      return true;
    } catch (SQLException e) {
      if (!isLasting(e)) {
        throw e;
      }
      local.rollback(before);
      String problem = describe(e);
      record(local, table, PendingRestore.Kind.INDEX, name, createSql, problem);
      log.error(
          "{}: index {} cannot be created again, replication continues without it: {}",
          table,
          name,
          problem);
      return false;
    }
  }

  /** Retries a recorded index; returns true if the index exists. */
  static boolean retry(Connection local, PendingRestore index) throws SQLException {
    boolean held =
        Sql.first(
                local,
                HOLD,
                row -> true,
                index.table().full(),
                index.kind().sqlName(),
                index.name())
            .isPresent();
    if (!held) {
      return true;
    }
    if (!indexes(local, index.table()).containsKey(index.name())) { // created by an operator
      forget(local, index.table(), index.kind(), index.name());
      return true;
    }
    Ddl.run(local, "set local default_tablespace = ''");
    return create(local, index.table(), index.name(), index.sql());
  }

  static void record(
      Connection local,
      TableName table,
      PendingRestore.Kind kind,
      String name,
      String createSql,
      String problem)
      throws SQLException {
    if (PendingRestores.areProblemsKept(local)) {
      Sql.run(local, RECORD, table.full(), kind.sqlName(), name, createSql, problem);
    }
  }

  static void forget(Connection local, TableName table, PendingRestore.Kind kind, String name)
      throws SQLException {
    if (PendingRestores.areProblemsKept(local)) {
      Sql.run(local, FORGET, table.full(), kind.sqlName(), name);
    }
  }

  private static boolean isLasting(SQLException e) {
    String state = SqlFaults.state(e);
    return !SqlFaults.isTransient(e)
        && state.length() == 5
        && LASTING.contains(state.substring(0, 2));
  }

  /** Returns the server's error, with a hint where one is known. */
  static String describe(SQLException e) {
    String text = SqlExplanation.quote(e).problem();
    String cure =
        switch (SqlFaults.state(e)) {
          case "42883", "42P01", "42704", "3F000" ->
              "since 17 indexes are built with search_path = pg_catalog: have the function set its"
                  + " own (alter function ... set search_path = ...), then 'fkeys --restore'";
          case "23505", "23P01" -> "remove the rows that are too many, then 'fkeys --restore'";
          case "23503" -> "add or remove the rows that do not match, then 'fkeys --restore'";
          default -> "remove the cause, then 'fkeys --restore'";
        };
    return Hint.after(text, cure);
  }
}

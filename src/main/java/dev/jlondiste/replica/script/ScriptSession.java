package dev.jlondiste.replica.script;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlAction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a script leaves behind in its session: settings, temporary tables, prepared statements. It
 * is removed after the script, because the session of a worker goes on to apply rows, and a later
 * script must find the same as on the root. {@code session_replication_role} is up to the caller.
 */
final class ScriptSession {
  private static final String ROLE = "role";
  private static final String LOGIN = "session_authorization";

  private static final String SETTINGS =
      """
      select name, setting
        from pg_catalog.pg_settings
       where context in ('user', 'superuser')
         and name not in ('session_replication_role', 'transaction_isolation',
                          'transaction_read_only', 'transaction_deferrable')
         and setting is not null
      """;

  private static final String TEMPORARY_TABLES =
      """
      select c.oid::text, c.relname
        from pg_catalog.pg_class c
       where c.relnamespace = pg_catalog.pg_my_temp_schema() and c.relkind in ('r', 'p')
      """;

  private static final String TEMPORARY_VIEWS =
      """
      select c.oid::text, c.relname
        from pg_catalog.pg_class c
       where c.relnamespace = pg_catalog.pg_my_temp_schema() and c.relkind = 'v'
      """;

  private static final String PREPARED =
      "select name, name from pg_catalog.pg_prepared_statements where from_sql";

  /** The settings of the session, without those that an attempt sets for its transaction. */
  private final Map<String, String> settings;

  private ScriptSession(Map<String, String> settings) {
    this.settings = settings;
  }

  /** Reads the settings. Must be called before {@code loop.ShortLocks} sets its timeouts. */
  static ScriptSession of(Connection db) throws SQLException {
    return new ScriptSession(pairs(db, SETTINGS));
  }

  /** Runs {@code script} and then removes what it has left behind. */
  void run(Connection db, SqlAction script) throws SQLException {
    Map<String, String> roles = roles(db);
    Map<String, String> inTransaction = pairs(db, SETTINGS);
    Set<String> tables = pairs(db, TEMPORARY_TABLES).keySet();
    Set<String> views = pairs(db, TEMPORARY_VIEWS).keySet();
    Set<String> prepared = pairs(db, PREPARED).keySet();
    script.in(db);
    restoreRoles(db, roles);
    restoreSettings(db, inTransaction);
    drop(db, TEMPORARY_VIEWS, views, "drop view if exists pg_temp.%s cascade");
    drop(db, TEMPORARY_TABLES, tables, "drop table if exists pg_temp.%s cascade");
    drop(db, PREPARED, prepared, "deallocate %s");
  }

  /** First, because the role of a script may not see all settings. */
  private static void restoreRoles(Connection db, Map<String, String> before) throws SQLException {
    Map<String, String> now = roles(db);
    for (String role : List.of(LOGIN, ROLE)) {
      String value = String.valueOf(before.get(role));
      if (!value.equals(now.get(role))) {
        set(db, role, value, false);
      }
    }
  }

  private void restoreSettings(Connection db, Map<String, String> before) throws SQLException {
    for (Map.Entry<String, String> now : pairs(db, SETTINGS).entrySet()) {
      String name = now.getKey();
      String value = before.get(name);
      if (value != null && !value.equals(now.getValue())) {
        String base = settings.getOrDefault(name, value);
        set(db, name, base, false);
        if (!base.equals(value)) {
          set(db, name, value, true);
        }
      }
    }
  }

  private static void drop(Connection db, String query, Set<String> before, String statement)
      throws SQLException {
    for (Map.Entry<String, String> object : pairs(db, query).entrySet()) {
      if (!before.contains(object.getKey())) {
        Sql.run(db, statement.formatted(Quoting.identifier(object.getValue())));
      }
    }
  }

  private static void set(Connection db, String setting, String value, boolean isLocal)
      throws SQLException {
    Sql.run(db, "select pg_catalog.set_config(?, ?, ?)", setting, value, isLocal);
  }

  /** These two are not in {@code pg_settings}. */
  private static Map<String, String> roles(Connection db) throws SQLException {
    return Sql.one(
        db,
        "select pg_catalog.current_setting('role'),"
            + " pg_catalog.current_setting('session_authorization')",
        row -> Map.of(ROLE, row.getString(1), LOGIN, row.getString(2)));
  }

  private static Map<String, String> pairs(Connection db, String query) throws SQLException {
    Map<String, String> pairs = new HashMap<>();
    Sql.list(db, query, row -> pairs.put(row.getString(1), row.getString(2)));
    return pairs;
  }
}

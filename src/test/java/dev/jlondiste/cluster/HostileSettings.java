package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings of a role or database of a server, with unusual values for each. */
final class HostileSettings {
  /** A locale whose currency has no smaller unit. */
  private static final String YEN = "ja_JP.UTF-8";

  /** Values of texts, which no range gives, and of numbers whose smallest value means "off". */
  private static final Map<String, List<String>> NAMED =
      Map.ofEntries(
          Map.entry("application_name", List.of("hostile")),
          Map.entry("backtrace_functions", List.of("ereport")),
          Map.entry("client_encoding", List.of("LATIN1", "SQL_ASCII")),
          Map.entry("createrole_self_grant", List.of("set, inherit")),
          Map.entry("DateStyle", List.of("SQL, DMY", "German", "Postgres, MDY")),
          Map.entry("default_table_access_method", List.of("evil")),
          Map.entry("default_tablespace", List.of("nosuch")),
          Map.entry("default_text_search_config", List.of("pg_catalog.german")),
          Map.entry("extension_control_path", List.of("/nosuch")),
          Map.entry("gin_fuzzy_search_limit", List.of("1", "2147483647")),
          Map.entry("idle_in_transaction_session_timeout", List.of("1", "1000")),
          Map.entry("idle_session_timeout", List.of("1", "1000")),
          Map.entry("lc_messages", List.of("C.utf8")),
          Map.entry("lc_monetary", List.of("C.utf8", YEN)),
          Map.entry("lc_numeric", List.of("C.utf8")),
          Map.entry("lc_time", List.of("C.utf8")),
          Map.entry("lock_timeout", List.of("1", "1000")),
          Map.entry("max_stack_depth", List.of("100")),
          Map.entry("output_plugin_libraries", List.of("pgoutput")),
          Map.entry("plpgsql.extra_errors", List.of("all")),
          Map.entry("plpgsql.extra_warnings", List.of("all")),
          Map.entry("restrict_nonsystem_relation_kind", List.of("view, foreign-table")),
          Map.entry("search_path", List.of("evil, pg_catalog, public", "nosuch")),
          Map.entry("statement_timeout", List.of("1", "100")),
          Map.entry("temp_buffers", List.of("100", "131072")),
          Map.entry("temp_tablespaces", List.of("nosuch")),
          Map.entry("TimeZone", List.of("Asia/Kathmandu", "America/St_Johns")),
          Map.entry("timezone_abbreviations", List.of("India", "Australia")),
          Map.entry("transaction_timeout", List.of("1", "100")),
          Map.entry("wal_consistency_checking", List.of("all")));

  /** Settings that cannot be tested, and the reasons. */
  private static final Map<String, String> EXCLUDED =
      Map.of(
          "commit_delay", "waits on purpose, nothing else",
          "dynamic_library_path", "a server of 18 then finds no PL/pgSQL",
          "local_preload_libraries", "a library that is missing ends every login",
          "session_preload_libraries", "a library that is missing ends every login",
          "transaction_deferrable", "belongs to one transaction, not to a role",
          "transaction_isolation", "belongs to one transaction, not to a role",
          "transaction_read_only", "belongs to one transaction, not to a role");

  /**
   * Settings that a test's sessions reset because they do not work with them. The other settings
   * stay: applications may have them.
   */
  private static final Map<String, String> NEUTRAL =
      Map.ofEntries(
          Map.entry("statement_timeout", "0"),
          Map.entry("lock_timeout", "0"),
          Map.entry("idle_in_transaction_session_timeout", "0"),
          Map.entry("idle_session_timeout", "0"),
          Map.entry("transaction_timeout", "0"),
          Map.entry("default_transaction_read_only", "off"),
          Map.entry("session_replication_role", "origin"),
          Map.entry("exit_on_error", "off"),
          Map.entry("jit", "off"),
          Map.entry("client_min_messages", "error"));

  private HostileSettings() {}

  /** A setting with one of its values. */
  record Hostile(String name, String value) {
    /** For {@code alter role} and {@code alter database}. */
    String set() {
      boolean list = name.equals("search_path") || name.equals("DateStyle");
      return "set " + name + " = " + (list ? value : "'" + value + "'");
    }

    /** Whether a difference between the two sides is what hurts. */
    boolean isForOneSide() {
      return value.equals(YEN);
    }

    boolean isRivalOf(Hostile other) {
      return name.equals(other.name);
    }

    @Override
    public String toString() {
      return name + "=" + value;
    }
  }

  /** By setting. Throws for a text that has no value above, so that none is forgotten. */
  static Map<String, List<Hostile>> of(TestServer server) throws SQLException {
    Map<String, List<Hostile>> all = new LinkedHashMap<>();
    try (Connection db = DriverManager.getConnection(server.jdbcUrl("postgres"));
        Statement statement = db.createStatement()) {
      statement.execute("load 'plpgsql'");
      boolean yen = knows(statement, YEN);
      try (ResultSet row =
          statement.executeQuery(
              """
              select name, vartype, setting, min_val, max_val, array_to_string(enumvals, ',')
                from pg_settings
               where context in ('user', 'superuser')
               order by name
              """)) {
        while (row.next()) {
          String name = row.getString(1);
          if (!EXCLUDED.containsKey(name)) {
            List<Hostile> values =
                values(row)
                    .filter(value -> !value.equals(YEN) || yen)
                    .map(value -> new Hostile(name, value))
                    .toList();
            if (!values.isEmpty()) { // in some builds a range has one value
              all.put(name, values);
            }
          }
        }
      }
    }
    return all;
  }

  private static boolean knows(Statement statement, String locale) throws SQLException {
    try {
      statement.execute("set lc_monetary = '" + locale + "'; reset lc_monetary");
      return true;
    } catch (SQLException e) {
      if (!e.getSQLState().equals("22023")) {
        throw e;
      }
      System.out.println("HostileSettingsIT: without money of locale " + locale);
      return false;
    }
  }

  /** Settings that fill the server's log and do nothing else. */
  static boolean onlyLogs(String name) {
    return name.matches("log_.*|debug_print.*|debug_pretty.*|trace_.*");
  }

  private static Stream<String> values(ResultSet row) throws SQLException {
    String name = row.getString(1);
    String now = row.getString(3);
    if (NAMED.containsKey(name)) {
      return NAMED.get(name).stream();
    }
    return switch (row.getString(2)) {
      case "bool" -> Stream.of(now.equals("on") ? "off" : "on");
      case "enum" -> Arrays.stream(row.getString(6).split(",")).filter(v -> !v.equals(now));
      case "integer", "real" ->
          Stream.of(row.getString(4), row.getString(5)).filter(v -> !v.equals(now));
      default -> throw new AssertionError("no hostile value for " + name);
    };
  }

  /** A JDBC URL of a session of the superuser that can work. */
  static String workable(TestServer server, String database, Map<String, List<Hostile>> known) {
    List<String> options = new ArrayList<>();
    NEUTRAL.forEach(
        (name, value) -> {
          if (known.containsKey(name)) {
            options.add("-c%20" + name + "%3D" + value);
          }
        });
    return server.jdbcUrl(database) + "&options=" + String.join("%20", options);
  }
}

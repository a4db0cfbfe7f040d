package dev.jlondiste.db;

import static dev.jlondiste.db.SessionSettings.Rule.FIXED;
import static dev.jlondiste.db.SessionSettings.Rule.UNLESS_GIVEN;

import dev.jlondiste.fault.Hint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of every session that we open, which override {@code ALTER ROLE}, {@code ALTER
 * DATABASE} and postgresql.conf. This is the only list of them.
 *
 * <p>They are set in one round trip after the login, not by the {@code options} of the startup
 * packet, which PgBouncer refuses by default. Settings that the server's version does not have are
 * skipped. Poolers in transaction mode would lose most of them; {@link SessionGuard} refuses those
 * poolers.
 *
 * <p>{@code search_path} keeps its value, because triggers, index functions and scripts of users
 * run in these sessions and depend on the path of their database. Only a {@code pg_catalog} after
 * other schemas is removed from it, so that this schema is searched first. Statements that read
 * values or definitions as text set a shorter path themselves.
 */
final class SessionSettings {
  private static final Logger log = LoggerFactory.getLogger(SessionSettings.class);

  enum Rule {
    /** Results would be wrong with any other value. */
    FIXED,
    /**
     * The {@code options} of the connect string take precedence: they are meant for this program.
     */
    UNLESS_GIVEN
  }

  private record Pin(String name, String value, Rule rule) {}

  private static final List<Pin> PINS =
      List.of(
          // Text of values, which two servers exchange.
          new Pin("datestyle", "ISO, YMD", FIXED),
          new Pin("intervalstyle", "postgres", FIXED),
          new Pin("timezone", "UTC", FIXED),
          new Pin("timezone_abbreviations", "Default", FIXED),
          new Pin("extra_float_digits", "3", FIXED),
          new Pin("bytea_output", "hex", FIXED),
          new Pin("xmloption", "content", FIXED),
          new Pin("array_nulls", "on", FIXED), // off: '{NULL}' is an array of the string NULL
          new Pin("quote_all_identifiers", "off", FIXED), // regclass and definitions
          // The text of money depends on the number of fraction digits of the locale, so both sides
          // need the same locale. Every server has "C".
          new Pin("lc_monetary", "C", UNLESS_GIVEN),
          // Meaning of statements.
          new Pin("standard_conforming_strings", "on", FIXED),
          new Pin("backslash_quote", "safe_encoding", FIXED),
          new Pin("escape_string_warning", "on", FIXED),
          new Pin("transform_null_equals", "off", FIXED),
          // Raises an error where a policy would hide rows from a copy or a comparison.
          new Pin("row_security", "off", FIXED),
          new Pin("gin_fuzzy_search_limit", "0", FIXED), // otherwise index scans omit rows
          new Pin("restrict_nonsystem_relation_kind", "", FIXED),
          new Pin("force_parallel_mode", "off", FIXED), // one more process for each query
          new Pin("debug_parallel_query", "off", FIXED), // the new name, since 16
          // Catalog queries join many tables; with other values their planning can take seconds.
          new Pin("jit", "off", UNLESS_GIVEN),
          new Pin("from_collapse_limit", "8", UNLESS_GIVEN),
          new Pin("join_collapse_limit", "8", UNLESS_GIVEN),
          new Pin("geqo", "off", UNLESS_GIVEN), // not needed for at most eight tables
          new Pin("recursive_worktable_factor", "10", UNLESS_GIVEN),
          new Pin("enable_bitmapscan", "on", UNLESS_GIVEN),
          new Pin("enable_hashagg", "on", UNLESS_GIVEN),
          new Pin("enable_hashjoin", "on", UNLESS_GIVEN),
          new Pin("enable_indexscan", "on", UNLESS_GIVEN),
          new Pin("enable_material", "on", UNLESS_GIVEN),
          new Pin("enable_mergejoin", "on", UNLESS_GIVEN),
          new Pin("enable_nestloop", "on", UNLESS_GIVEN),
          new Pin("enable_sort", "on", UNLESS_GIVEN),
          // Transactions begin as JDBC assumes. Only a standby is read-only.
          new Pin("default_transaction_isolation", "read committed", FIXED),
          new Pin("default_transaction_read_only", "off", FIXED),
          new Pin("default_transaction_deferrable", "off", FIXED),
          new Pin("exit_on_error", "off", FIXED), // errors are handled by savepoints
          new Pin("client_min_messages", "warning", FIXED),
          new Pin("plpgsql.extra_errors", "none", FIXED), // applies to functions of users, too
          // Tables and indexes are created as they are on the provider.
          new Pin("default_with_oids", "off", FIXED),
          new Pin("default_table_access_method", "heap", FIXED),
          new Pin("default_tablespace", "", UNLESS_GIVEN),
          // A copy can take hours in one transaction. Commands that block other sessions set
          // timeouts of their own.
          new Pin("statement_timeout", "0", UNLESS_GIVEN),
          new Pin("lock_timeout", "0", UNLESS_GIVEN),
          new Pin("idle_in_transaction_session_timeout", "0", UNLESS_GIVEN),
          new Pin("idle_session_timeout", "0", UNLESS_GIVEN),
          new Pin("transaction_timeout", "0", UNLESS_GIVEN),
          new Pin("vacuum_cost_delay", "0", UNLESS_GIVEN),
          // The server detects a lost client within half a minute and releases its locks.
          new Pin("tcp_keepalives_idle", "10", UNLESS_GIVEN),
          new Pin("tcp_keepalives_interval", "5", UNLESS_GIVEN),
          new Pin("tcp_keepalives_count", "4", UNLESS_GIVEN),
          new Pin("tcp_user_timeout", "30000", UNLESS_GIVEN)); // ms, for unacknowledged data

  /** The two forms of a setting in {@code options}: {@code -c name=value}, {@code --name=value}. */
  private static final Pattern OPTION = Pattern.compile("(?:^|\\s)-(?:c\\s*|-)([\\w.-]+)\\s*=");

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private final String sql;

  private SessionSettings(String sql) {
    this.sql = sql;
  }

  /**
   * The settings for a connect string.
   *
   * @param options its {@code options}; empty if it has none
   */
  static SessionSettings of(String options) {
    Set<String> given = names(options);
    String values =
        PINS.stream()
            .filter(pin -> pin.rule() == FIXED || !given.contains(pin.name()))
            .map(pin -> "('" + pin.name() + "', '" + pin.value() + "')")
            .collect(Collectors.joining(", "));
    return new SessionSettings(
        """
        select pg_catalog.set_config(p.name, p.value, false)
          from (values %s) as p (name, value)
         where pg_catalog.current_setting(p.name, true) is not null;
        select pg_catalog.set_config('search_path',
                 pg_catalog.regexp_replace(pg_catalog.current_setting('search_path'),
                   E',\\\\s*("pg_catalog"|pg_catalog)\\\\s*(?=,|$)', '', 'gi'), false),
               pg_catalog.current_setting('session_replication_role'), %s
        """
            .formatted(values, SessionMark.TAKE));
  }

  /** The names of the settings in {@code options}, in the server's spelling. */
  static Set<String> names(String options) {
    return OPTION
        .matcher(options)
        .results()
        .map(option -> option.group(1).toLowerCase(Locale.ROOT).replace('-', '_'))
        .collect(Collectors.toSet());
  }

  /**
   * Applies the settings and takes the {@link SessionMark}. The connection must be in autocommit
   * mode, and remains in it.
   */
  void pin(Connection connection) throws SQLException {
    String role;
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      statement.getMoreResults();
      try (ResultSet row = statement.getResultSet()) {
        row.next();
        role = row.getString(2);
      }
    }
    if (!role.equals("origin")) {
      leaveReplicaRole(connection, role);
    }
  }

  /**
   * Resets a {@code session_replication_role} that a superuser set for this role. Logs a warning if
   * the role is not allowed to change it.
   */
  private static void leaveReplicaRole(Connection connection, String role) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role to origin");
    } catch (SQLException e) {
      if (!SqlFaults.state(e).equals("42501")) {
        throw e;
      }
      String user = connection.getMetaData().getUserName();
      if (WARNED.add(user)) {
        log.warn(
            Hint.after(
                "sessions of role "
                    + user
                    + " begin with session_replication_role = "
                    + role
                    + ": triggers and foreign keys are disabled in them",
                "alter role " + user + " reset session_replication_role"));
      }
    }
  }

  /**
   * The {@code options} for a second login, see {@link Login}: the timeouts that this version has.
   */
  static String earlyOptions(int major) {
    StringBuilder options = new StringBuilder("-c statement_timeout=0");
    options.append(" -c default_transaction_read_only=off"); // affects target_session_attrs
    if (major >= 14) {
      options.append(" -c idle_session_timeout=0");
    }
    if (major >= 17) {
      options.append(" -c transaction_timeout=0");
    }
    return options.toString();
  }
}

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
 * The settings that every session of ours begins with, whatever {@code ALTER ROLE}, {@code ALTER
 * DATABASE} and postgresql.conf say. The one list of them.
 *
 * <p>They are set by one statement after the login, one round trip, and not by the startup packet's
 * {@code options}: PgBouncer refuses options unless told otherwise. Settings that a server's
 * version does not have are passed over. Behind a pooler in transaction mode only those survive
 * that the pooler itself tracks (DateStyle, TimeZone, standard_conforming_strings, with newer ones
 * IntervalStyle), so {@code db} should go to the server itself or to a pool in session mode.
 *
 * <p>{@code search_path} keeps its value, because triggers, functions of indexes and scripts of
 * users run in these sessions and expect the path of their database; but no schema of it comes
 * before {@code pg_catalog}. Statements that read values or definitions as text shorten it
 * themselves.
 */
final class SessionSettings {
  private static final Logger log = LoggerFactory.getLogger(SessionSettings.class);

  enum Rule {
    /** Results would be wrong with another value. */
    FIXED,
    /** The {@code options} of the connect string win: they are meant for this program. */
    UNLESS_GIVEN
  }

  private record Pin(String name, String value, Rule rule) {}

  private static final List<Pin> PINS =
      List.of(
          // The text of values, written and read: two servers exchange it.
          new Pin("datestyle", "ISO, YMD", FIXED),
          new Pin("intervalstyle", "postgres", FIXED),
          new Pin("timezone", "UTC", FIXED),
          new Pin("timezone_abbreviations", "Default", FIXED),
          new Pin("extra_float_digits", "3", FIXED),
          new Pin("bytea_output", "hex", FIXED),
          new Pin("xmloption", "content", FIXED),
          new Pin("array_nulls", "on", FIXED), // off: '{NULL}' is an array of the text NULL
          new Pin("quote_all_identifiers", "off", FIXED), // regclass and definitions
          // Money is a number of the smallest unit; its text is that number only if both sides
          // agree how many of them make a whole. Every server has this locale.
          new Pin("lc_monetary", "C", UNLESS_GIVEN),
          // What statements mean.
          new Pin("standard_conforming_strings", "on", FIXED),
          new Pin("backslash_quote", "safe_encoding", FIXED),
          new Pin("escape_string_warning", "on", FIXED),
          new Pin("transform_null_equals", "off", FIXED),
          // An error where a policy would hide rows: no copy or comparison of a part.
          new Pin("row_security", "off", FIXED),
          new Pin("gin_fuzzy_search_limit", "0", FIXED), // else index scans leave rows out
          new Pin("restrict_nonsystem_relation_kind", "", FIXED),
          new Pin("force_parallel_mode", "off", FIXED), // a process more for each query
          new Pin("debug_parallel_query", "off", FIXED), // its name since 16
          // Queries of the catalogs join many tables: planning or compiling one could take seconds.
          new Pin("jit", "off", UNLESS_GIVEN),
          new Pin("from_collapse_limit", "8", UNLESS_GIVEN),
          new Pin("join_collapse_limit", "8", UNLESS_GIVEN),
          new Pin("geqo", "off", UNLESS_GIVEN), // for at most eight tables it is not needed
          new Pin("recursive_worktable_factor", "10", UNLESS_GIVEN),
          new Pin("enable_bitmapscan", "on", UNLESS_GIVEN),
          new Pin("enable_hashagg", "on", UNLESS_GIVEN),
          new Pin("enable_hashjoin", "on", UNLESS_GIVEN),
          new Pin("enable_indexscan", "on", UNLESS_GIVEN),
          new Pin("enable_material", "on", UNLESS_GIVEN),
          new Pin("enable_mergejoin", "on", UNLESS_GIVEN),
          new Pin("enable_nestloop", "on", UNLESS_GIVEN),
          new Pin("enable_sort", "on", UNLESS_GIVEN),
          // Transactions begin as JDBC assumes. Reading only is a property of a standby alone.
          new Pin("default_transaction_isolation", "read committed", FIXED),
          new Pin("default_transaction_read_only", "off", FIXED),
          new Pin("default_transaction_deferrable", "off", FIXED),
          new Pin("exit_on_error", "off", FIXED), // savepoints catch errors
          new Pin("client_min_messages", "warning", FIXED),
          new Pin("plpgsql.extra_errors", "none", FIXED), // our functions, and those of users
          // Tables and indexes are created as they were elsewhere.
          new Pin("default_with_oids", "off", FIXED),
          new Pin("default_table_access_method", "heap", FIXED),
          new Pin("default_tablespace", "", UNLESS_GIVEN),
          // A copy takes as long as it takes, and holds its snapshot meanwhile. Commands set
          // timeouts of their own where others would wait for them.
          new Pin("statement_timeout", "0", UNLESS_GIVEN),
          new Pin("lock_timeout", "0", UNLESS_GIVEN),
          new Pin("idle_in_transaction_session_timeout", "0", UNLESS_GIVEN),
          new Pin("idle_session_timeout", "0", UNLESS_GIVEN),
          new Pin("transaction_timeout", "0", UNLESS_GIVEN),
          new Pin("vacuum_cost_delay", "0", UNLESS_GIVEN),
          // The server notices within half a minute that this process is gone, so that its locks
          // do not outlive it.
          new Pin("tcp_keepalives_idle", "10", UNLESS_GIVEN),
          new Pin("tcp_keepalives_interval", "5", UNLESS_GIVEN),
          new Pin("tcp_keepalives_count", "4", UNLESS_GIVEN),
          new Pin("tcp_user_timeout", "30000", UNLESS_GIVEN)); // ms; data never acknowledged

  /** Ways to name a setting in {@code options}: {@code -c name=value}, {@code --name=value}. */
  private static final Pattern OPTION = Pattern.compile("(?:^|\\s)-(?:c\\s*|-)([\\w.-]+)\\s*=");

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private final String sql;

  private SessionSettings(String sql) {
    this.sql = sql;
  }

  /**
   * The settings for a connect string.
   *
   * @param options its {@code options}; empty when it has none
   */
  static SessionSettings beside(String options) {
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
               pg_catalog.current_setting('session_replication_role')
        """
            .formatted(values));
  }

  /** The names of the settings in {@code options}, as the server spells them. */
  static Set<String> names(String options) {
    return OPTION
        .matcher(options)
        .results()
        .map(option -> option.group(1).toLowerCase(Locale.ROOT).replace('-', '_'))
        .collect(Collectors.toSet());
  }

  /** Expects, and leaves, a connection in autocommit mode. */
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
   * A superuser may have given the role {@code session_replication_role = replica}, so that a
   * worker without rights has it; then it cannot be taken back by that worker either.
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
                    + ": triggers and foreign keys do not work in them",
                "alter role " + user + " reset session_replication_role"));
      }
    }
  }

  /**
   * What has to be in {@code options} for a login whose session did not live long enough to be
   * pinned: the timeouts that this version has.
   */
  static String earlyOptions(int major) {
    StringBuilder options = new StringBuilder("-c statement_timeout=0");
    options.append(" -c default_transaction_read_only=off"); // asked for target_session_attrs
    if (major >= 14) {
      options.append(" -c idle_session_timeout=0");
    }
    if (major >= 17) {
      options.append(" -c transaction_timeout=0");
    }
    return options.toString();
  }
}

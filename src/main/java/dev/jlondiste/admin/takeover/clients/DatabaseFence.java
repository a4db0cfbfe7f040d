package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.Hint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * {@code --fence=database}: makes a database read-only for applications, by {@code alter database
 * ... set default_transaction_read_only = on}, and ends their sessions, for which the setting comes
 * too late. A client with a host list ({@code target_session_attrs = read-write}, {@code
 * targetServerType = primary}) then takes the other server by itself. Our own sessions override the
 * setting. Stateless; the caller owns the transaction.
 *
 * <p>The setting is the only state and is stored in the database itself, so every method can be
 * repeated. It is a fence for applications that do not object: a session may set {@code transaction
 * read write}. Replicated tables are protected by their triggers in any case.
 *
 * <p>The setting applies to sessions that log in after the commit of {@link #close}. A login that
 * is under way is not listed yet, so {@link #endSessions} should be called some time later: when
 * the new root is open. Before that, clients without a session would only find two closed
 * databases.
 */
public final class DatabaseFence {
  private static final String SETTING = "default_transaction_read_only";

  /** Settings of the current database; {@code setrole} is 0 for all roles. */
  private static final String IS_CLOSED =
      """
      select coalesce((select pg_catalog.bool_or(c.item in (%1$s))
                         from pg_catalog.pg_db_role_setting s
                         join pg_catalog.pg_database d on d.oid = s.setdatabase
                        cross join lateral pg_catalog.unnest(s.setconfig) c (item)
                        where d.datname = pg_catalog.current_database() and s.setrole = 0), false)
      """
          .formatted(values("on", "true", "yes", "1"));

  private static final String EXEMPT_ROLES =
      """
      select r.rolname, s.setdatabase <> 0 as in_database
        from pg_catalog.pg_db_role_setting s
        join pg_catalog.pg_roles r on r.oid = s.setrole
       cross join lateral pg_catalog.unnest(s.setconfig) c (item)
       where r.rolcanlogin and c.item in (%1$s)
         and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d
                                    where d.datname = pg_catalog.current_database()))
       order by 1, 2
      """
          .formatted(values("off", "false", "no", "0"));

  private static final String IS_OWNER =
      """
      select pg_catalog.pg_has_role(d.datdba, 'USAGE')
        from pg_catalog.pg_database d
       where d.datname = pg_catalog.current_database()
      """;

  private static final String CURRENT_DATABASE =
      "select pg_catalog.quote_ident(pg_catalog.current_database())";

  /** The value that a new session of this role would have at the time of our login. */
  private static final String DEFAULT =
      "select s.reset_val from pg_catalog.pg_settings s where s.name = '" + SETTING + "'";

  private DatabaseFence() {}

  private static String values(String... values) {
    return "'" + SETTING + "=" + String.join("', '" + SETTING + "=", values) + "'";
  }

  /** Returns why {@link #close} or {@link #endSessions} would not do enough, a line each. */
  public static List<String> obstacles(Connection oldRoot) throws SQLException {
    List<String> found = notOwner(oldRoot);
    found.addAll(Sql.list(oldRoot, EXEMPT_ROLES, DatabaseFence::exempt));
    ApplicationSessions.notAllowed(oldRoot).forEach(line -> found.add(cannotEnd(line)));
    return found;
  }

  /**
   * Returns a warning, or nothing, about programs that do not override the setting: the worker and
   * the ticker of Londiste. Theirs is missing among the locks of our programs.
   *
   * @param worker the worker of the old root
   */
  public static List<String> warnings(Connection oldRoot, String queue, String worker)
      throws SQLException {
    return NodeLock.isHeld(oldRoot, queue, worker)
        ? List.of()
        : List.of(
            Hint.after(
                "worker '%s' is not running, or is one of Londiste: such workers, and its pgqd,"
                        .formatted(worker)
                    + " cannot write to a fenced database",
                "give them a role of their own, and: alter role ... in database ... set "
                    + SETTING
                    + " = off"));
  }

  private static List<String> notOwner(Connection db) throws SQLException {
    return Sql.list(
        db,
        IS_OWNER + " and not pg_catalog.pg_has_role(d.datdba, 'USAGE')",
        row ->
            Hint.after(
                "role " + db.getMetaData().getUserName() + " does not own the database",
                "--fence=database changes a setting of the database: connect as its owner"));
  }

  private static String exempt(ResultSet row) throws SQLException {
    String role = row.getString("rolname");
    boolean inDatabase = row.getBoolean("in_database");
    return Hint.after(
        "role %s has %s = off%s, which overrides the setting of the database"
            .formatted(role, SETTING, inDatabase ? " in this database" : ""),
        "unless it is a role of replication only: alter role %s%s reset %s"
            .formatted(role, inDatabase ? " in database ..." : "", SETTING));
  }

  private static String cannotEnd(String session) {
    return Hint.after(
        "the session may not be ended: " + session,
        "grant pg_signal_backend to the role of this node; only superusers end sessions of"
            + " superusers");
  }

  /**
   * Returns why the database would stay read-only after {@link #lift}, a line each. Must be called
   * in a new session.
   */
  public static List<String> obstaclesToLift(Connection newRoot) throws SQLException {
    if (isClosed(newRoot)) {
      return notOwner(newRoot);
    }
    return Sql.one(newRoot, DEFAULT, row -> row.getString(1)).equals("off")
        ? List.of()
        : List.of(
            Hint.after(
                SETTING + " is on for this server or role, not only for the database",
                "reset it, or clients with a host list will not accept this server"));
  }

  /** True if the database is read-only for new sessions. */
  public static boolean isClosed(Connection db) throws SQLException {
    return Sql.one(db, IS_CLOSED, row -> row.getBoolean(1));
  }

  /** Makes the database read-only for sessions that begin after the commit. */
  public static void close(Connection oldRoot) throws SQLException {
    if (!isClosed(oldRoot)) {
      alter(oldRoot, "set " + SETTING + " = on");
    }
  }

  /**
   * Makes the database writable again for sessions that begin after the commit. Sessions that began
   * before remain read-only.
   */
  public static void lift(Connection root) throws SQLException {
    if (isClosed(root)) {
      alter(root, "reset " + SETTING);
    }
  }

  /**
   * As {@link #lift}. Returns why the database stays read-only, a line each, if this role may not
   * change that.
   */
  public static List<String> liftWherePossible(Connection root) throws SQLException {
    if (!isClosed(root)) {
      return List.of();
    }
    List<String> obstacles = notOwner(root);
    if (obstacles.isEmpty()) {
      alter(root, "reset " + SETTING);
    }
    return obstacles;
  }

  private static void alter(Connection db, String change) throws SQLException {
    String name = Sql.one(db, CURRENT_DATABASE, row -> row.getString(1));
    Sql.run(db, "alter database " + name + " " + change);
  }

  /**
   * Ends the sessions of applications: all sessions of this database but those of this program and
   * of consumers that are registered here. Whether a session writes cannot be known before it does.
   *
   * @return the sessions that this role is not allowed to end, a line each
   */
  public static List<String> endSessions(Connection oldRoot) throws SQLException {
    ApplicationSessions.end(oldRoot);
    return ApplicationSessions.notAllowed(oldRoot);
  }
}

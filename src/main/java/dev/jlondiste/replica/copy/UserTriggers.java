package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The application's own triggers and rules on a table. Copied rows must not fire them, because
 * their effects on the source are replicated, too. In role replica they do not fire; where the
 * server does not allow that role, they are disabled in the copy's transaction. Rules do not apply
 * to {@code COPY} and {@code TRUNCATE}.
 */
final class UserTriggers {
  private static final String ROLE = "select current_setting('session_replication_role')";
  private static final String FIRING =
      """
      select 'trigger', t.tgname, t.tgenabled
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_class c on c.oid = t.tgrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and not t.tgisinternal
         and t.tgenabled in ('O', 'A')
       union all
      select 'rule', r.rulename, r.ev_enabled
        from pg_catalog.pg_rewrite r
        join pg_catalog.pg_class c on c.oid = r.ev_class
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and r.rulename <> '_RETURN'
         and r.ev_enabled in ('O', 'A')
      """;

  private final TableName table;
  private final List<Trigger> silenced;

  private UserTriggers(TableName table, List<Trigger> silenced) {
    this.table = table;
    this.silenced = silenced;
  }

  /** {@code kind} is {@code trigger} or {@code rule}. */
  private record Trigger(String kind, String name, boolean always) {}

  /** True if no trigger or rule has to be disabled. */
  static boolean areSilent(Connection here, TableName table) throws SQLException {
    return firing(here, table).isEmpty();
  }

  private static List<Trigger> firing(Connection here, TableName table) throws SQLException {
    boolean isReplica = Sql.one(here, ROLE, row -> row.getString(1)).equals("replica");
    return isReplica
        ? List.of()
        : Sql.list(
            here,
            FIRING,
            row -> new Trigger(row.getString(1), row.getString(2), row.getString(3).equals("A")),
            table.schema(),
            table.name(),
            table.schema(),
            table.name());
  }

  static UserTriggers silence(Connection here, TableName table) throws SQLException {
    List<Trigger> firing = firing(here, table);
    UserTriggers triggers = new UserTriggers(table, firing);
    for (Trigger trigger : firing) {
      triggers.alter(here, "disable ", trigger);
    }
    return triggers;
  }

  void restore(Connection here) throws SQLException {
    for (Trigger trigger : silenced) {
      alter(here, trigger.always() ? "enable always " : "enable ", trigger);
    }
  }

  private void alter(Connection here, String action, Trigger trigger) throws SQLException {
    try (Statement statement = here.createStatement()) {
      statement.execute(
          "alter table "
              + table.quoted()
              + " "
              + action
              + trigger.kind()
              + " "
              + Quoting.identifier(trigger.name()));
    }
  }
}

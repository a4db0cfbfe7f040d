package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A takeover that fails opens the old root again. The SQL of Londiste has no function for that, so
 * the role must be allowed to update {@code pgq.queue} there.
 */
final class UndoChecks {
  private static final String MAY_UPDATE =
      """
      select current_user::text, has_table_privilege('pgq.queue', 'select')
                                 and has_table_privilege('pgq.queue', 'update')
      """;

  private UndoChecks() {}

  static void run(Connection root, NodeSide old, Findings findings) throws SQLException {
    if (old.isOurCode()) {
      return;
    }
    Sql.first(root, MAY_UPDATE, row -> row.getBoolean(2) ? "" : row.getString(1))
        .filter(role -> !role.isEmpty())
        .ifPresent(
            role ->
                findings.blocker(
                    Check.UNDO,
                    "role '%s' may not update pgq.queue on node '%s', so it could not open it again"
                        .formatted(role, old.name()),
                    "grant update on pgq.queue to " + role + ", as a superuser; or 'upgrade' it"));
  }
}

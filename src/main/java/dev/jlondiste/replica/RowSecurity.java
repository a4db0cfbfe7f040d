package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Row level security that applies to this session's role. A copy would read, and a comparison would
 * count, only the rows that the policies allow.
 */
public final class RowSecurity {
  private static final String ACTIVE =
      """
      select pg_catalog.pg_has_role(c.relowner, 'usage'), pg_catalog.quote_ident(current_user),
             pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and pg_catalog.row_security_active(c.oid)
      """;

  private RowSecurity() {}

  private record Reader(boolean owner, String role, String table) {}

  /**
   * Refuses a table whose rows this session's role can read only in part.
   *
   * @param place the database for the message, for example {@code node root}
   * @throws UserError if policies apply to the role; its hint is the command that exempts the role
   */
  public static void requireAllRows(Connection db, TableName table, String place)
      throws SQLException {
    Optional<Reader> restricted =
        Sql.first(
            db,
            ACTIVE,
            row -> new Reader(row.getBoolean(1), row.getString(2), row.getString(3)),
            table.schema(),
            table.name());
    if (restricted.isPresent()) {
      Reader reader = restricted.get();
      throw new UserError(
          "row level security hides rows of table %s on %s from role %s"
              .formatted(table, place, reader.role()),
          "replication needs all rows: "
              + (reader.owner()
                  ? "alter table " + reader.table() + " no force row level security; or "
                  : "")
              + "alter role "
              + reader.role()
              + " bypassrls");
    }
  }
}

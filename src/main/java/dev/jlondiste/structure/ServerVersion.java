package dev.jlondiste.structure;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** The server's version as a number, such as 90624 or 150019. */
public final class ServerVersion {
  private ServerVersion() {}

  public static int of(Connection db) throws SQLException {
    return Sql.one(db, "select current_setting('server_version_num')::int4", row -> row.getInt(1));
  }
}

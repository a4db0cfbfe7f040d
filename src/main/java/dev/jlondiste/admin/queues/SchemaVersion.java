package dev.jlondiste.admin.queues;

import dev.jlondiste.admin.schema.SqlSchema;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The version of an installed schema. */
public record SchemaVersion(String name, String version) {
  private static final String HAS_VERSION = "select to_regprocedure(? || '.version()') is not null";

  /** All installed schemas of PgQ and Londiste; {@code unknown} if a schema has no version. */
  public static List<SchemaVersion> list(Connection db) throws SQLException {
    List<SchemaVersion> found = new ArrayList<>();
    for (SqlSchema schema : SqlSchema.values()) {
      String name = schema.sqlName();
      if (Presence.hasSchema(db, name)) {
        found.add(new SchemaVersion(name, version(db, name)));
      }
    }
    return found;
  }

  private static String version(Connection db, String schema) throws SQLException {
    if (!Sql.one(db, HAS_VERSION, row -> row.getBoolean(1), schema)) {
      return "unknown";
    }
    String sql = "select coalesce(%s.version(), 'unknown')".formatted(Quoting.identifier(schema));
    return Sql.one(db, sql, row -> row.getString(1));
  }

  /** The version of the server, such as {@code 15.3}. */
  public static String ofServer(Connection db) throws SQLException {
    return Sql.one(db, "show server_version", row -> row.getString(1));
  }
}

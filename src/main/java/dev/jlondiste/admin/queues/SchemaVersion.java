package dev.jlondiste.admin.queues;

import dev.jlondiste.admin.schema.SqlSchema;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One of the schemas that queues are made of, as it is in a database. */
public record SchemaVersion(String name, String version) {
  private static final String HAS_VERSION = "select to_regprocedure(? || '.version()') is not null";

  /** Those that are there; one that tells no version has {@code unknown}. */
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

  /** What the server calls its own version. */
  public static String ofServer(Connection db) throws SQLException {
    return Sql.one(db, "show server_version", row -> row.getString(1));
  }
}

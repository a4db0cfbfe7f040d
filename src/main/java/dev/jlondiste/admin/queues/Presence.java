package dev.jlondiste.admin.queues;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Checks that the schema and the queue of a command exist, with clearer errors than the server's.
 */
public final class Presence {
  private static final String HAS_SCHEMA =
      "select exists (select 1 from pg_catalog.pg_namespace where nspname = ?)";

  private Presence() {}

  /** Throws {@link UserError} if the database does not have {@code schema}. */
  public static void requireSchema(Connection db, String schema) throws SQLException {
    if (!hasSchema(db, schema)) {
      throw new UserError(
          "schema %s is not installed in database \"%s\"".formatted(schema, db.getCatalog()),
          "install it: install %s;  or connect to another database".formatted(schema));
    }
  }

  static boolean hasSchema(Connection db, String schema) throws SQLException {
    return Sql.one(db, HAS_SCHEMA, row -> row.getBoolean(1), schema);
  }

  /** Throws {@link UserError} if {@code queue} does not exist. */
  public static void requireQueue(Connection db, String queue) throws SQLException {
    List<String> queues = queues(db);
    if (!queues.contains(queue)) {
      throw new UserError(
          "queue not found: \"%s\"%s".formatted(queue, Spelling.guess(queue, queues)),
          queues.isEmpty()
              ? "this database has no queue; create one: create queue NAME;"
              : "list the queues of this database: show queue *;");
    }
  }

  /** The names of all queues, sorted. */
  public static List<String> queues(Connection db) throws SQLException {
    requireSchema(db, "pgq");
    return Sql.list(
        db, "select queue_name from pgq.queue order by queue_name", row -> row.getString(1));
  }
}

package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A schema that is there.
 *
 * @param isOurs false where somebody else's code is in a schema of that name
 * @param extension it belongs to an extension, ours or another
 * @param release of our code; empty when it is not ours
 */
record InstalledSchema(
    SqlSchema schema, boolean isOurs, boolean extension, Optional<Release> release) {
  /**
   * Our functions begin with a header that names them. Release 1.0.0 told its number only in schema
   * pgq.
   */
  private static final String FIND =
      """
      select e.oid is not null as extension,
             exists (
                 select 1
                   from pg_catalog.pg_proc p
                  where p.pronamespace = n.oid
                    and p.proname = 'version'
                    and p.prosrc like '%* ' || n.nspname || '.version(0) - %') as ours,
             to_regprocedure(n.nspname || '.jlondiste_release()') is not null as tells
        from pg_catalog.pg_namespace n
        left join pg_catalog.pg_depend d
          on d.classid = 'pg_catalog.pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
        left join pg_catalog.pg_extension e on e.oid = d.refobjid
       where n.nspname = ?
      """;

  private static final Release BEFORE_ALL_TOLD = Release.parse("1.0.0");

  /** Those of our names that are there. */
  static Map<SqlSchema, InstalledSchema> survey(Connection db) throws SQLException {
    Map<SqlSchema, InstalledSchema> found = new EnumMap<>(SqlSchema.class);
    for (SqlSchema schema : SqlSchema.values()) {
      find(db, schema).ifPresent(installed -> found.put(schema, installed));
    }
    return found;
  }

  private static Optional<InstalledSchema> find(Connection db, SqlSchema schema)
      throws SQLException {
    Optional<Found> row =
        Sql.first(
            db,
            FIND,
            r -> new Found(r.getBoolean("ours"), r.getBoolean("extension"), r.getBoolean("tells")),
            schema.sqlName());
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Found found = row.get();
    Optional<Release> release = Optional.empty();
    if (found.ours()) {
      release = Optional.of(found.tells() ? release(db, schema) : BEFORE_ALL_TOLD);
    }
    return Optional.of(new InstalledSchema(schema, found.ours(), found.extension(), release));
  }

  private static Release release(Connection db, SqlSchema schema) throws SQLException {
    return Release.parse(
        Sql.one(
            db, "select " + schema.sqlName() + ".jlondiste_release()", row -> row.getString(1)));
  }

  private record Found(boolean ours, boolean extension, boolean tells) {}

  /** Ours, and installed by a script, so that a script can change it. */
  boolean isOurScript() {
    return isOurs && !extension;
  }

  String name() {
    return schema.sqlName();
  }
}

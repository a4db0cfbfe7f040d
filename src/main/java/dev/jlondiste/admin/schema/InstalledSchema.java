package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A schema of our names that exists in a database.
 *
 * @param isOurs false if the schema was installed by another program, such as the original PgQ
 * @param isExtension true if it belongs to an extension, ours or another
 * @param release of our code; empty if it is not ours
 */
record InstalledSchema(
    SqlSchema schema, boolean isOurs, boolean isExtension, Optional<Release> release) {
  /**
   * Our functions are recognized by the header in their body. Release 1.0.0 has its release
   * function in schema pgq only.
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
             to_regprocedure(n.nspname || '.jlondiste_release()') is not null as has_release
        from pg_catalog.pg_namespace n
        left join pg_catalog.pg_depend d
          on d.classid = 'pg_catalog.pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
        left join pg_catalog.pg_extension e on e.oid = d.refobjid
       where n.nspname = ?
      """;

  private static final Release FIRST_RELEASE = Release.parse("1.0.0");

  /** Returns the existing schemas. */
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
            r ->
                new Found(
                    r.getBoolean("ours"), r.getBoolean("extension"), r.getBoolean("has_release")),
            schema.sqlName());
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Found found = row.get();
    Optional<Release> release = Optional.empty();
    if (found.isOurs()) {
      release = Optional.of(found.hasRelease() ? release(db, schema) : FIRST_RELEASE);
    }
    return Optional.of(new InstalledSchema(schema, found.isOurs(), found.isExtension(), release));
  }

  private static Release release(Connection db, SqlSchema schema) throws SQLException {
    return Release.parse(
        Sql.one(
            db, "select " + schema.sqlName() + ".jlondiste_release()", row -> row.getString(1)));
  }

  private record Found(boolean isOurs, boolean isExtension, boolean hasRelease) {}

  /** True if it is ours and not an extension, so that a script can change it. */
  boolean isOurScript() {
    return isOurs && !isExtension;
  }

  String name() {
    return schema.sqlName();
  }
}

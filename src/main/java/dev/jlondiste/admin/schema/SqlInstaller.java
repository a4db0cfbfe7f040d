package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs our database code in a database. Existing code, ours or that of the original PgQ and
 * Londiste, is kept.
 */
public final class SqlInstaller {
  private static final Logger log = LoggerFactory.getLogger(SqlInstaller.class);

  private static final String HAS_EXTENSION =
      "select exists (select 1 from pg_catalog.pg_available_extensions where name = ?)";
  private static final String HAS_PLPGSQL =
      "select exists (select 1 from pg_catalog.pg_language where lanname = 'plpgsql')";

  private final Database local;

  public SqlInstaller(Database local) {
    this.local = local;
  }

  /** Installs missing schemas in one transaction; existing ones remain unchanged. */
  public void install(Set<SqlSchema> schemas) throws SQLException {
    SchemaTransaction.run(
        local,
        db -> {
          requirePlpgsql(db);
          Map<SqlSchema, InstalledSchema> existing = InstalledSchema.survey(db);
          for (SqlSchema schema : new TreeSet<>(schemas)) {
            InstalledSchema installed = existing.get(schema);
            if (installed != null) {
              log.info("{} is installed", schema.sqlName());
              compareRelease(installed);
            } else {
              log.info("Installing {}", schema.sqlName());
              install(db, schema, existing.get(SqlSchema.PGQ));
            }
          }
        });
  }

  private void requirePlpgsql(Connection db) throws SQLException {
    if (!Sql.one(db, HAS_PLPGSQL, row -> row.getBoolean(1))) {
      throw new UserError(
          "language plpgsql is missing in " + local.target().masked(),
          "run in that database: create extension plpgsql");
    }
    log.info("plpgsql is installed");
  }

  private static void compareRelease(InstalledSchema installed) {
    installed
        .release()
        .filter(release -> !release.equals(Release.current()))
        .ifPresent(
            release ->
                log.warn(
                    "{} has release {}, but this program has release {}; run 'upgrade'",
                    installed.name(),
                    release,
                    Release.current()));
  }

  /**
   * Installs schemas that depend on pgq in the same way as pgq. If pgq is the original, they must
   * be the original ones, too, because ours use functions that it does not have. If pgq is an
   * extension, they must be extensions.
   */
  private static void install(Connection db, SqlSchema schema, @Nullable InstalledSchema pgq)
      throws SQLException {
    if (pgq == null || pgq.isOurScript() || schema.dependency().isEmpty()) {
      schema.script().run(db);
      return;
    }
    String name = schema.sqlName();
    if (!Sql.one(db, HAS_EXTENSION, row -> row.getBoolean(1), name)) {
      throw new UserError(
          "schema pgq "
              + (pgq.isExtension() ? "is an extension" : "was not installed by jlondiste")
              + ", but extension '"
              + name
              + "' is not available",
          "install the package of pgq on the server, or drop pgq and run this command again");
    }
    Sql.run(db, "create extension " + Quoting.identifier(name));
  }
}

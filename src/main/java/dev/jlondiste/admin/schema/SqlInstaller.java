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
 * Puts our database code into a database, unless that has some already: ours or the reference's.
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

  /** Installs what is missing, in one transaction; leaves alone what is there. */
  public void install(Set<SqlSchema> schemas) throws SQLException {
    SchemaTransaction.run(
        local,
        db -> {
          requirePlpgsql(db);
          Map<SqlSchema, InstalledSchema> there = InstalledSchema.survey(db);
          for (SqlSchema schema : new TreeSet<>(schemas)) {
            InstalledSchema installed = there.get(schema);
            if (installed != null) {
              log.info("{} is installed", schema.sqlName());
              compareRelease(installed);
            } else {
              log.info("Installing {}", schema.sqlName());
              install(db, schema, there.get(SqlSchema.PGQ));
            }
          }
        });
  }

  private void requirePlpgsql(Connection db) throws SQLException {
    if (!Sql.one(db, HAS_PLPGSQL, row -> row.getBoolean(1))) {
      throw new UserError(
          "language plpgsql is missing in " + local.target().masked(),
          "create it: create extension plpgsql");
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
                    "{} is of release {}, this program has {}: see 'upgrade'",
                    installed.name(),
                    release,
                    Release.current()));
  }

  /**
   * The schemas around pgq come the way it came. The reference's needs the reference's, as ours use
   * more of pgq than it has; and nothing but an extension should depend on an extension.
   */
  private static void install(Connection db, SqlSchema schema, @Nullable InstalledSchema pgq)
      throws SQLException {
    if (pgq == null || pgq.isOurScript() || schema.needs().isEmpty()) {
      schema.script().run(db);
      return;
    }
    String name = schema.sqlName();
    if (!Sql.one(db, HAS_EXTENSION, row -> row.getBoolean(1), name)) {
      throw new UserError(
          "schema pgq "
              + (pgq.extension() ? "is an extension" : "is not ours")
              + ", and there is no extension '"
              + name
              + "' to go with it",
          "install the package that pgq came from, or drop pgq to start anew");
    }
    Sql.run(db, "create extension " + Quoting.identifier(name));
  }
}

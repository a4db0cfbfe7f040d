package dev.jlondiste.admin;

import dev.jlondiste.config.Spelling;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts our database code into a database, unless that has some already: ours or the reference's.
 */
public final class SqlInstaller {
  private static final Logger log = LoggerFactory.getLogger(SqlInstaller.class);
  private static final List<String> SCHEMAS = List.of("pgq", "pgq_node", "londiste");

  /** What can be installed by name, each with the schemas it is made of, in their order. */
  private static final Map<String, List<String>> MODULES =
      new TreeMap<>(
          Map.of(
              "pgq", List.of("pgq"),
              "pgq_coop", List.of("pgq", "pgq_coop"),
              "pgq_ext", List.of("pgq_ext"),
              "pgq_node", List.of("pgq", "pgq_node"),
              "londiste", SCHEMAS));

  /** Two installations of one database wait for each other. */
  private static final long LOCK = 0x6a6c6f6e64697374L;

  private static final String RELEASE = "select pgq.jlondiste_release()";
  private static final String IS_OURS =
      "select to_regprocedure('pgq.jlondiste_release()') is not null";
  private static final String HAS_SCHEMA =
      "select exists (select 1 from pg_catalog.pg_namespace where nspname = ?)";
  private static final String HAS_EXTENSION =
      "select exists (select 1 from pg_catalog.pg_available_extensions where name = ?)";
  private static final String HAS_PLPGSQL =
      "select exists (select 1 from pg_catalog.pg_language where lanname = 'plpgsql')";

  private final Database local;

  public SqlInstaller(Database local) {
    this.local = local;
  }

  /** Installs what a node needs and is missing, in one transaction; leaves alone what is there. */
  public void install() throws SQLException {
    installMissing(SCHEMAS);
  }

  /** As above, for one schema and those it needs; refuses a name that is none of ours. */
  public void install(String module) throws SQLException {
    List<String> schemas = MODULES.get(module);
    if (schemas == null) {
      throw new UserError(
          "cannot install \"%s\"%s".formatted(module, Spelling.guess(module, MODULES.keySet())),
          "what can be installed: " + String.join(", ", MODULES.keySet()));
    }
    installMissing(schemas);
  }

  private void installMissing(List<String> schemas) throws SQLException {
    requireWritable();
    local.run(
        db -> {
          lock(db);
          if (!Sql.one(db, HAS_PLPGSQL, row -> row.getBoolean(1))) {
            throw new UserError(
                "language plpgsql is missing in " + local.target().masked(),
                "create it: create extension plpgsql");
          }
          log.info("plpgsql is installed");
          boolean foreign = hasSchema(db, "pgq") && !Sql.one(db, IS_OURS, row -> row.getBoolean(1));
          for (String schema : schemas) {
            if (hasSchema(db, schema)) {
              log.info("{} is installed", schema);
            } else {
              log.info("Installing {}", schema);
              install(db, schema, foreign);
            }
          }
        });
  }

  /** Beside the reference's pgq go its own other schemas: ours use more of pgq than it has. */
  private static void install(Connection db, String schema, boolean foreign) throws SQLException {
    String script = schema + "/install.sql";
    if (!foreign && SqlScript.exists(script)) {
      SqlScript.load(script).run(db);
      return;
    }
    if (!foreign) {
      throw new UserError(
          "schema " + schema + " does not come with this program", "nothing was installed");
    }
    if (!Sql.one(db, HAS_EXTENSION, row -> row.getBoolean(1), schema)) {
      throw new UserError(
          "schema pgq is not ours, and there is no extension '" + schema + "' to go with it",
          "install the package that pgq came from, or drop schema pgq to start anew");
    }
    Sql.run(db, "create extension " + Quoting.identifier(schema));
  }

  /** Brings our code to this program's release; data stay. Running workers need not stop. */
  public void upgrade() throws SQLException {
    requireWritable();
    local.run(
        db -> {
          lock(db);
          if (!hasSchema(db, "pgq")) {
            throw new UserError(
                "nothing to upgrade: schema pgq is missing in " + local.target().masked(),
                "'install' installs it");
          }
          if (!Sql.one(db, IS_OURS, row -> row.getBoolean(1))) {
            throw new UserError(
                "the database code in " + local.target().masked() + " is not ours",
                "it is left alone; upgrade it with the tools it came with");
          }
          String found = Sql.one(db, RELEASE, row -> row.getString(1));
          log.info("found release {}", found);
          for (String schema : SCHEMAS) {
            log.info("Upgrading {}", schema);
            SqlScript.load(schema + "/install.sql").run(db);
          }
          String now = Sql.one(db, RELEASE, row -> row.getString(1));
          log.info("now release {}", now);
        });
  }

  /** The release of our code in the database; empty when there is none, or somebody else's. */
  public Optional<String> release() throws SQLException {
    return local.call(
        db ->
            Sql.one(db, IS_OURS, row -> row.getBoolean(1))
                ? Sql.first(db, RELEASE, row -> row.getString(1))
                : Optional.empty());
  }

  /** A standby would refuse somewhere in the middle. */
  private void requireWritable() throws SQLException {
    if (local.call(db -> Sql.one(db, "select pg_is_in_recovery()", row -> row.getBoolean(1)))) {
      throw new UserError(
          "cannot change "
              + local.target().masked()
              + ": the server is a standby, all its transactions are read-only",
          "use the primary: check host and port of 'db', or add target_session_attrs=read-write");
    }
  }

  private static void lock(Connection db) throws SQLException {
    Sql.run(db, "select pg_catalog.pg_advisory_xact_lock(?)", LOCK);
  }

  private static boolean hasSchema(Connection db, String schema) throws SQLException {
    return Sql.one(db, HAS_SCHEMA, row -> row.getBoolean(1), schema);
  }
}

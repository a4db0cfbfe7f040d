package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.PendingRestores;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes our database code with its queues, events, positions and triggers. Replicated tables
 * remain, and so do roles, which belong to the whole server.
 */
public final class SqlRemoval {
  private static final Logger log = LoggerFactory.getLogger(SqlRemoval.class);

  /** User tables whose triggers are dropped with the schemas. */
  private static final String CAPTURED =
      """
      select distinct t.tgrelid::pg_catalog.regclass::text
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_proc p on p.oid = t.tgfoid
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        join pg_catalog.pg_class c on c.oid = t.tgrelid
       where n.nspname in ('pgq', 'londiste')
         and c.relnamespace not in (select s.oid from pg_catalog.pg_namespace s
                                     where s.nspname in ('pgq', 'londiste'))
       order by 1
      """;

  private final Database local;

  public SqlRemoval(Database local) {
    this.local = local;
  }

  /**
   * Refuses if the code is in use, unless {@code force}. Can be repeated.
   *
   * @param restoreStatements receives, before anything is removed, the statements that restore
   *     indexes and keys dropped by copies; they are stored only in the removed tables
   */
  public void run(boolean force, Consumer<String> restoreStatements) throws SQLException {
    SchemaTransaction.run(
        local,
        db -> {
          Collection<InstalledSchema> existing = InstalledSchema.survey(db).values();
          if (existing.isEmpty()) {
            log.info("nothing to uninstall in {}", local.target().masked());
            return;
          }
          List<InstalledSchema> ours =
              existing.stream().filter(InstalledSchema::isOurScript).toList();
          if (!ours.isEmpty()) {
            log.info("Removing {}", names(ours));
          }
          if (force && ours.stream().anyMatch(schema -> schema.schema() == SqlSchema.LONDISTE)) {
            pendingRestores(db).forEach(restoreStatements);
          }
          remove(db, force);
          existing.stream()
              .filter(installed -> !installed.isOurScript())
              .forEach(
                  installed ->
                      log.warn(
                          "{} is kept: it {}",
                          installed.name(),
                          installed.isExtension()
                              ? "is an extension"
                              : "was not installed by jlondiste"));
        });
  }

  private static List<String> pendingRestores(Connection db) throws SQLException {
    List<String> all =
        new ArrayList<>(
            Sql.list(
                db,
                "select dropped_ddl from londiste.table_info where dropped_ddl is not null",
                row -> row.getString(1)));
    PendingRestores.list(db).forEach(object -> all.add(object.sql()));
    return all;
  }

  /** The script repeats all checks, because it must be safe when run without this program. */
  private static void remove(Connection db, boolean force) throws SQLException {
    ShortLocks.lockAll(db, Sql.list(db, CAPTURED, row -> row.getString(1)));
    Sql.run(db, "select set_config('jlondiste.force', ?, true)", force ? "on" : "");
    SqlScript.load("uninstall.sql").run(db);
  }

  private static String names(List<InstalledSchema> schemas) {
    return schemas.stream().map(InstalledSchema::name).collect(Collectors.joining(", "));
  }
}

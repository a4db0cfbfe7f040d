package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upgrades our database code to the release of this program. Data are kept and workers can
 * continue: functions are replaced, and tables are locked only to add missing columns.
 */
public final class SqlUpgrade {
  private static final Logger log = LoggerFactory.getLogger(SqlUpgrade.class);

  private final Database local;
  private final Release current = Release.current();

  public SqlUpgrade(Database local) {
    this.local = local;
  }

  /** Upgrades all existing schemas of ours in one transaction. Can be repeated. */
  public void run() throws SQLException {
    SchemaTransaction.run(
        local,
        db -> {
          List<InstalledSchema> ours = requireOurs(InstalledSchema.survey(db).values());
          ours.forEach(this::requireNotNewer);
          ours.stream().filter(InstalledSchema::isExtension).forEach(this::requireCurrent);
          for (InstalledSchema installed : ours) {
            if (installed.isExtension()) {
              log.info("{} is an extension of release {}", installed.name(), current);
            } else {
              log.info("Upgrading {}", installed.name());
              installed.schema().script().run(db);
              log.info(
                  "{}: found release {}, now {}",
                  installed.name(),
                  installed.release().orElseThrow(),
                  current);
            }
          }
        });
  }

  private List<InstalledSchema> requireOurs(Collection<InstalledSchema> existing) {
    List<InstalledSchema> ours = existing.stream().filter(InstalledSchema::isOurs).toList();
    if (!ours.isEmpty()) {
      return ours;
    }
    if (existing.isEmpty()) {
      throw new UserError(
          "nothing to upgrade: schema pgq is missing in " + local.target().masked(),
          "run 'install'");
    }
    throw new UserError(
        "the database code in " + local.target().masked() + " was not installed by jlondiste",
        "nothing was changed; upgrade it with the tools of its package");
  }

  private void requireNotNewer(InstalledSchema installed) {
    Release found = installed.release().orElseThrow();
    if (found.compareTo(current) > 0) {
      throw new UserError(
          "schema "
              + installed.name()
              + " in "
              + local.target().masked()
              + " has release "
              + found
              + ", but this program has release "
              + current,
          "nothing was changed; run this command with the newer program, a downgrade is not"
              + " possible");
    }
  }

  private void requireCurrent(InstalledSchema extension) {
    Release found = extension.release().orElseThrow();
    if (!found.equals(current)) {
      throw new UserError(
          extension.name()
              + " in "
              + local.target().masked()
              + " is an extension of release "
              + found
              + ", but this program has release "
              + current,
          "write the extension files of this release with 'jlondiste extension-files', then run:"
              + " alter extension "
              + extension.name()
              + " update");
    }
  }
}

package dev.jlondiste.admin.schema;

import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings our database code to this program's release; data stay, and running workers need not stop:
 * functions are replaced, and tables are locked only where they lack a column.
 */
public final class SqlUpgrade {
  private static final Logger log = LoggerFactory.getLogger(SqlUpgrade.class);

  private final Database local;
  private final Release current = Release.current();

  public SqlUpgrade(Database local) {
    this.local = local;
  }

  /** All schemas of ours that are there, in one transaction. May be repeated. */
  public void run() throws SQLException {
    SchemaTransaction.run(
        local,
        db -> {
          List<InstalledSchema> ours = requireOurs(InstalledSchema.survey(db).values());
          ours.forEach(this::requireNotNewer);
          ours.stream().filter(InstalledSchema::extension).forEach(this::requireCurrent);
          for (InstalledSchema installed : ours) {
            if (installed.extension()) {
              log.info("{} is an extension, of release {}", installed.name(), current);
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

  private List<InstalledSchema> requireOurs(Collection<InstalledSchema> there) {
    List<InstalledSchema> ours = there.stream().filter(InstalledSchema::isOurs).toList();
    if (!ours.isEmpty()) {
      return ours;
    }
    if (there.isEmpty()) {
      throw new UserError(
          "nothing to upgrade: schema pgq is missing in " + local.target().masked(),
          "'install' installs it");
    }
    throw new UserError(
        "the database code in " + local.target().masked() + " is not ours",
        "it is left alone; upgrade it with the tools it came with");
  }

  private void requireNotNewer(InstalledSchema installed) {
    Release found = installed.release().orElseThrow();
    if (found.compareTo(current) > 0) {
      throw new UserError(
          "schema "
              + installed.name()
              + " in "
              + local.target().masked()
              + " is of release "
              + found
              + ", this program has "
              + current
              + " only",
          "nothing was changed: use the newer program; releases do not go back");
    }
  }

  private void requireCurrent(InstalledSchema extension) {
    Release found = extension.release().orElseThrow();
    if (!found.equals(current)) {
      throw new UserError(
          extension.name()
              + " in "
              + local.target().masked()
              + " is an extension, of release "
              + found
              + "; this program has "
              + current,
          "'jlondiste extension-files' writes the server's files of this release; then: alter"
              + " extension "
              + extension.name()
              + " update");
    }
  }
}

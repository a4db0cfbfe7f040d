package dev.jlondiste.admin.tables;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.structure.TableStructure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses tables that may differ between nodes although they are replicated, or warns of them. Each
 * {@link Hazard} that is allowed is ignored. Used by one thread, for one command.
 */
final class HazardCheck {
  private static final Logger log = LoggerFactory.getLogger(HazardCheck.class);
  private static final int MAX_KEYS = 10;

  private static final String PROPERTIES =
      """
      select c.relpersistence::text,
             (select e.extname
                from pg_catalog.pg_depend d
                join pg_catalog.pg_extension e on e.oid = d.refobjid
               where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                 and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                 and d.deptype = 'e'
               limit 1)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  private record Properties(String persistence, @Nullable String extension) {}

  private final Set<Hazard> allowed;
  private final List<String> keys = new ArrayList<>();
  private boolean hasWarnedOfEncodings;

  HazardCheck(Set<Hazard> allowed) {
    this.allowed = allowed;
  }

  /**
   * Throws {@link UserError} when the table must not be added.
   *
   * @param root true on the root, which decides whether tables of an extension are replicated
   * @param named true if the operator named the table; otherwise a table of an extension is skipped
   * @return false if the table is to be skipped
   */
  boolean accepts(Connection db, TableName table, boolean root, boolean named) throws SQLException {
    Optional<Properties> found =
        Sql.first(
            db,
            PROPERTIES,
            row -> new Properties(row.getString(1), row.getString(2)),
            table.schema(),
            table.name());
    if (found.isEmpty()) {
      return true;
    }
    Properties properties = found.get();
    if (properties.persistence().equals("t")) {
      throw new UserError(
          "Table " + table + " is temporary, it exists for one session only",
          "create it without 'temporary'");
    }
    if (properties.persistence().equals("u")) {
      refuse(
          Hazard.UNLOGGED,
          "Table "
              + table
              + " is unlogged: after a crash of its server it is empty there, and full"
              + " elsewhere",
          "'alter table " + table.quoted() + " set logged'");
    }
    if (root && properties.extension() != null && !allowed.contains(Hazard.EXTENSION)) {
      if (!named) {
        log.info("Table {} belongs to extension {}, skipping", table, properties.extension());
        return false;
      }
      refuse(
          Hazard.EXTENSION,
          "Table "
              + table
              + " belongs to extension "
              + properties.extension()
              + ", which fills and changes it by itself on each server",
          "'create extension' there");
    }
    return true;
  }

  private void refuse(Hazard hazard, String problem, String instead) {
    if (!allowed.contains(hazard)) {
      throw new UserError(problem, instead + ", or accept that with --allow=" + hazard);
    }
  }

  /**
   * Warns if texts may not fit the local encoding, and collects keys with another collation for
   * {@link #finish}.
   */
  void compareTexts(
      TextSettings there, TableStructure model, TextSettings here, TableStructure local) {
    if (!hasWarnedOfEncodings && !allowed.contains(Hazard.ENCODING)) {
      hasWarnedOfEncodings = true;
      TextSettings.encodings(there, here)
          .ifPresent(text -> log.warn("{} (--allow={} silences this)", text, Hazard.ENCODING));
    }
    if (!allowed.contains(Hazard.COLLATION)) {
      keys.addAll(TextSettings.keys(there, model, here, local));
    }
  }

  /** Logs one warning about keys for all tables. */
  void finish() {
    if (!keys.isEmpty()) {
      log.warn(
          "keys of text are sorted by other rules, queries that depend on their order may answer"
              + " otherwise: {}{} (--allow={} silences this)",
          String.join("; ", keys.subList(0, Math.min(MAX_KEYS, keys.size()))),
          keys.size() > MAX_KEYS ? "; and " + (keys.size() - MAX_KEYS) + " more" : "",
          Hazard.COLLATION);
    }
  }
}

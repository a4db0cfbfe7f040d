package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.ForeignReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties a table for its copy. TRUNCATE is what costs least, and lets rows be frozen; the server
 * refuses it while a foreign key refers to the table, be it one that a partition has from its
 * parent, and to roles that lack the privilege. Then the rows are deleted, in one statement and
 * without a byte of them passing through here.
 *
 * <p>What refers to the rows must neither be deleted with them nor changed. In role replica nothing
 * of the kind happens, and references that find no row after the copy are reported by {@link
 * dev.jlondiste.replica.ReferenceWatch}. Where that role is not to be had, a table with references
 * is not emptied.
 */
final class EmptyTable {
  private static final Logger log = LoggerFactory.getLogger(EmptyTable.class);

  private static final String ROLE = "select current_setting('session_replication_role')";

  /**
   * A refusal stays in the server: a pool takes some of them for the end of the connection. What
   * may be different the next time is none.
   */
  private static final String TRUNCATE =
      """
      do $$
      begin
          perform pg_catalog.set_config('jlondiste.refusal', '', true);
          execute 'truncate only ' || pg_catalog.current_setting('jlondiste.truncate');
      exception
          when others then
              if substr(sqlstate, 1, 2) in ('08', '40', '53', '57', '58', 'XX') or sqlstate = '55P03' then
                  raise;
              end if;
              perform pg_catalog.set_config('jlondiste.refusal', sqlerrm, true);
      end $$
      """;

  private static final String REFUSAL = "select pg_catalog.current_setting('jlondiste.refusal')";

  /** How a table came to be empty. */
  enum Way {
    TRUNCATED,
    DELETED
  }

  private EmptyTable() {}

  /** Foreign keys that refer to the table, in words. */
  static List<String> referencesTo(Connection here, TableName table) throws SQLException {
    return ForeignReference.to(here, table).stream().map(ForeignReference::toString).toList();
  }

  /** In the caller's transaction, which has locked the table. */
  static Way empty(Connection here, TableName table) throws SQLException {
    log.info("{}: truncating", table);
    Sql.run(here, "select set_config('jlondiste.truncate', ?, true)", table.quoted());
    Sql.run(here, TRUNCATE);
    String refusal = Sql.one(here, REFUSAL, row -> row.getString(1));
    if (refusal.isEmpty()) {
      return Way.TRUNCATED;
    }
    delete(here, table, refusal);
    return Way.DELETED;
  }

  private static void delete(Connection here, TableName table, String refusal) throws SQLException {
    if (!Sql.one(here, ROLE, row -> row.getString(1)).equals("replica")) {
      requireUnreferenced(here, table, refusal);
    }
    log.info("{}: deleting its rows instead: {}", table, refusal);
    int rows = Sql.run(here, "delete from only " + table.quoted());
    if (rows > 0) {
      log.info("{}: {} rows deleted; a vacuum gives their space back", table, rows);
    }
  }

  /** Here the server would act on what refers to the rows: as the keys say, or by an error. */
  private static void requireUnreferenced(Connection here, TableName table, String refusal)
      throws SQLException {
    List<ForeignReference> inUse = new ArrayList<>();
    for (ForeignReference reference : ForeignReference.to(here, table)) {
      if (reference.isUsed(here, table)) {
        inUse.add(reference);
      }
    }
    if (inUse.isEmpty()) {
      return;
    }
    throw new UserError(
        "table "
            + table
            + " cannot be emptied for its copy ("
            + refusal
            + "): rows refer to it from "
            + inUse.stream().map(ForeignReference::toString).collect(Collectors.joining(", "))
            + ", and this role cannot set session_replication_role",
        "drop "
            + (inUse.size() == 1 ? "that foreign key" : "these foreign keys")
            + " until the copy is done, or let the role set it (from PostgreSQL 15: grant set on"
            + " parameter session_replication_role to ...)");
  }
}

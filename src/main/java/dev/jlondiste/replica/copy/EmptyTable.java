package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.ForeignReference;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties a table for its copy. TRUNCATE is the cheapest way and allows COPY FREEZE. The server
 * refuses TRUNCATE while a foreign key refers to the table, including one that a partition inherits
 * from its parent, and if the role lacks the privilege. In these cases a single DELETE removes the
 * rows.
 *
 * <p>Rows that refer to the deleted rows must not be deleted or changed. In role replica the server
 * does not perform the actions of foreign keys, and {@link dev.jlondiste.replica.ReferenceWatch}
 * reports references whose row is missing after the copy. Where that role is not available, a table
 * with references is not emptied.
 */
final class EmptyTable {
  private static final Logger log = LoggerFactory.getLogger(EmptyTable.class);

  private static final String ROLE = "select current_setting('session_replication_role')";

  /**
   * Catches a refusal in the server, because the connection pool closes a connection after some of
   * these errors. Errors that may be absent at the next attempt are thrown.
   */
  private static final String TRUNCATE =
      """
      do $$
      begin
          perform pg_catalog.set_config('jlondiste.refusal', '', true);
          execute 'truncate ' || pg_catalog.current_setting('jlondiste.truncate');
      exception
          when others then
              if substr(sqlstate, 1, 2) in ('08', '40', '53', '57', '58', 'XX') or sqlstate = '55P03' then
                  raise;
              end if;
              perform pg_catalog.set_config('jlondiste.refusal', sqlerrm, true);
      end $$
      """;

  private static final String REFUSAL = "select pg_catalog.current_setting('jlondiste.refusal')";

  /** How a table was emptied. */
  enum Way {
    TRUNCATED,
    DELETED
  }

  private EmptyTable() {}

  /** Describes the foreign keys that refer to the table. */
  static List<String> referencesTo(Connection here, TableName table) throws SQLException {
    return ForeignReference.to(here, table).stream().map(ForeignReference::toString).toList();
  }

  /** Empties the table in the caller's transaction, which has locked it. */
  static Way empty(Connection here, TableName table) throws SQLException {
    log.info("{}: truncating", table);
    Sql.run(here, "select set_config('jlondiste.truncate', ?, true)", TableRows.of(here, table));
    Sql.run(here, TRUNCATE);
    String refusal = Sql.one(here, REFUSAL, row -> row.getString(1));
    if (refusal.isEmpty()) {
      return Way.TRUNCATED;
    }
    delete(here, table, refusal);
    return Way.DELETED;
  }

  /**
   * Empties a table that is going to be copied; returns true if it was truncated. Otherwise rows of
   * other tables may still refer to deleted rows. Whether the copy restores these is checked when
   * the table is in sync.
   */
  static boolean emptyForCopy(Connection here, String queue, TableInfo table) throws SQLException {
    boolean truncated = empty(here, table.destination()) == Way.TRUNCATED;
    TableFaults.clear(here, queue, table.name(), TableFault.Kind.REFERENCE);
    List<String> references = truncated ? List.of() : referencesTo(here, table.destination());
    if (!references.isEmpty()) {
      String from = String.join(", ", references);
      log.info("{}: rows may refer to it from {}", table.name(), from);
      TableFaults.record(
          here,
          queue,
          table.name(),
          TableFault.Kind.REFERENCE,
          "references from " + from + " are not checked yet",
          null,
          Map.of());
    }
    return truncated;
  }

  private static void delete(Connection here, TableName table, String refusal) throws SQLException {
    if (!Sql.one(here, ROLE, row -> row.getString(1)).equals("replica")) {
      requireUnreferenced(here, table, refusal);
    }
    log.info("{}: deleting its rows instead: {}", table, refusal);
    int rows = Sql.run(here, "delete from " + TableRows.of(here, table));
    if (rows > 0) {
      log.info("{}: {} rows deleted; a vacuum gives their space back", table, rows);
    }
  }

  /**
   * Refuses a table with references. Outside role replica the server would perform the actions of
   * their keys, or fail.
   */
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

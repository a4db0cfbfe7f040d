package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
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

  /** Foreign keys to the table, also to it as a partition; its own to itself do not matter. */
  private static final String REFERENCES =
      """
      select n.nspname, c.relname, k.conname,
             case k.confdeltype when 'c' then 'cascade' when 'n' then 'set null'
                                when 'd' then 'set default' when 'r' then 'restrict'
                                else 'no action' end as action,
             array(select a.attname::text
                     from pg_catalog.pg_attribute a
                    where a.attrelid = k.conrelid and a.attnum = any (k.conkey)) as columns
        from pg_catalog.pg_constraint k
        join pg_catalog.pg_class c on c.oid = k.conrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where k.contype = 'f' and k.conrelid <> k.confrelid
         and k.confrelid = (select t.oid
                              from pg_catalog.pg_class t
                              join pg_catalog.pg_namespace s on s.oid = t.relnamespace
                             where s.nspname = ? and t.relname = ?)
       order by 1, 2, 3
      """;

  /** How a table came to be empty. */
  enum Way {
    TRUNCATED,
    DELETED
  }

  private record Reference(TableName from, String name, String action, List<String> columns) {
    /** A null in one column, and there is no reference. */
    String notNull() {
      return columns.stream()
          .map(column -> Quoting.identifier(column) + " is not null")
          .collect(Collectors.joining(" and "));
    }

    @Override
    public String toString() {
      return from + " (" + name + ", on delete " + action + ")";
    }
  }

  private EmptyTable() {}

  /** Foreign keys that refer to the table, in words. */
  static List<String> referencesTo(Connection here, TableName table) throws SQLException {
    return references(here, table).stream().map(Reference::toString).toList();
  }

  /** In the caller's transaction, which has locked the table. */
  static Way empty(Connection here, TableName table) throws SQLException {
    log.info("{}: truncating", table);
    Savepoint before = here.setSavepoint();
    try {
      Sql.run(here, "truncate only " + table.quoted());
      here.releaseSavepoint(before);
      return Way.TRUNCATED;
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      here.rollback(before);
      delete(here, table, e);
      return Way.DELETED;
    }
  }

  private static void delete(Connection here, TableName table, SQLException refusal)
      throws SQLException {
    if (!Sql.one(here, ROLE, row -> row.getString(1)).equals("replica")) {
      requireUnreferenced(here, table, refusal);
    }
    log.info(
        "{}: cannot be truncated, deleting its rows instead: {}",
        table,
        SqlFaults.quote(refusal).problem().lines().findFirst().orElse(""));
    int rows = Sql.run(here, "delete from only " + table.quoted());
    if (rows > 0) {
      log.info("{}: {} rows deleted; a vacuum gives their space back", table, rows);
    }
  }

  /** Here the server would act on what refers to the rows: as the keys say, or by an error. */
  private static void requireUnreferenced(Connection here, TableName table, SQLException refusal)
      throws SQLException {
    List<Reference> inUse = new ArrayList<>();
    for (Reference reference : references(here, table)) {
      if (hasRows(here, reference)) {
        inUse.add(reference);
      }
    }
    if (inUse.isEmpty()) {
      return;
    }
    throw new UserError(
        "table "
            + table
            + " cannot be emptied for its copy: rows refer to it from "
            + inUse.stream().map(Reference::toString).collect(Collectors.joining(", "))
            + ", and this role cannot set session_replication_role",
        "drop "
            + (inUse.size() == 1 ? "that foreign key" : "these foreign keys")
            + " until the copy is done, or let the role set it (from PostgreSQL 15: grant set on"
            + " parameter session_replication_role to ...)",
        refusal);
  }

  /** True also when this role may not look. */
  private static boolean hasRows(Connection here, Reference reference) throws SQLException {
    String from = reference.from().quoted();
    return !Sql.one(here, "select has_table_privilege(?, 'select')", row -> row.getBoolean(1), from)
        || Sql.first(
                here,
                "select 1 from " + from + " where " + reference.notNull() + " limit 1",
                row -> 1)
            .isPresent();
  }

  private static List<Reference> references(Connection here, TableName table) throws SQLException {
    return Sql.list(
        here,
        REFERENCES,
        row ->
            new Reference(
                new TableName(row.getString(1), row.getString(2)),
                row.getString(3),
                row.getString(4),
                List.of((String[]) row.getArray(5).getArray())),
        table.schema(),
        table.name());
  }
}

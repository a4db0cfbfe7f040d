package dev.jlondiste.admin.resurrection;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What SQL has to know of a table to write its rows.
 *
 * @param name its name in this database
 * @param partitioned true if its rows are in partitions
 * @param generated columns that the server computes
 * @param hasFixedIdentity true if it has a column {@code generated always as identity}
 */
record RestoredTable(
    TableName name, boolean partitioned, Set<String> generated, boolean hasFixedIdentity) {
  /** Older servers lack these columns of the catalog. */
  private static final String COLUMNS =
      """
      select a.attname, coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '',
             coalesce(to_jsonb(a) ->> 'attidentity', '') = 'a'
        from pg_catalog.pg_attribute a
       where a.attrelid = pg_catalog.to_regclass(?)
         and a.attnum > 0
         and not a.attisdropped
      """;

  RestoredTable {
    generated = Set.copyOf(generated);
  }

  /** A table of which nothing is known. */
  static RestoredTable plain(TableName name) {
    return new RestoredTable(name, false, Set.of(), false);
  }

  static RestoredTable read(Connection db, TableName name) throws SQLException {
    record Column(String name, boolean generated, boolean identity) {}
    List<Column> columns =
        Sql.list(
            db,
            COLUMNS,
            row -> new Column(row.getString(1), row.getBoolean(2), row.getBoolean(3)),
            name.quoted());
    Set<String> generated = new HashSet<>();
    columns.stream().filter(Column::generated).map(Column::name).forEach(generated::add);
    return new RestoredTable(
        name,
        TableRows.isPartitioned(db, name),
        generated,
        columns.stream().anyMatch(Column::identity));
  }

  /** The same table under another name. */
  RestoredTable named(TableName other) {
    return new RestoredTable(other, partitioned, generated, hasFixedIdentity);
  }

  /** How a statement names its rows. */
  String rows() {
    return TableRows.of(name, partitioned);
  }
}

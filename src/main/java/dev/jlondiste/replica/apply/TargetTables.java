package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What has to be known of the local tables to write to them. Kept until {@link #forget}: call that
 * after anything that may have changed a table. Used by one thread only.
 */
public final class TargetTables {
  private static final int IDENTITY_COLUMNS = 10;
  private static final int GENERATED_COLUMNS = 12;
  private static final String GENERATED =
      """
      select a.attname
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and a.attgenerated <> '' and not a.attisdropped
      """;

  private final Map<TableName, RowStatement> statements = new HashMap<>();

  RowStatement statements(TableName table, Connection local) throws SQLException {
    RowStatement known = statements.get(table);
    if (known == null) {
      int major = local.getMetaData().getDatabaseMajorVersion();
      Set<String> generated =
          major < GENERATED_COLUMNS
              ? Set.of()
              : Set.copyOf(
                  Sql.list(
                      local, GENERATED, row -> row.getString(1), table.schema(), table.name()));
      known = new RowStatement(table, generated, major >= IDENTITY_COLUMNS);
      statements.put(table, known);
    }
    return known;
  }

  public void forget() {
    statements.clear();
  }
}

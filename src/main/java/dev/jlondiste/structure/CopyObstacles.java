package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.TableStructure.Constraint;
import dev.jlondiste.structure.TableStructure.Index;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The indexes and keys to drop from a table before its initial copy. Foreign keys are handled
 * elsewhere; those that reference a key listed here must be dropped first.
 */
public final class CopyObstacles {
  private CopyObstacles() {}

  /**
   * Returns indexes, constraints and primary key in the order of dropping; they are created again
   * in the reverse order.
   *
   * <p>Objects that cannot be dropped alone, or may not be restored exactly, remain and only slow
   * down the copy: indexes of partitions that are attached to their parent's, keys that a view or a
   * foreign key depends on, and indexes whose functions may depend on the search_path (see {@link
   * CatalogQueries}). The result is empty for a table that the role does not own, and for a
   * partitioned table, since the indexes of its partitions would be dropped, too, with their names
   * and options.
   */
  public static List<DroppableObject> of(Connection local, TableName table) throws SQLException {
    Optional<TableStructure> structure = StructureReader.read(local, table);
    return structure.isPresent()
            && !structure.get().isPartitioned()
            && canRebuildIndexes(local, structure.get())
        ? of(structure.get())
        : List.of();
  }

  /** True if the role can drop the table's indexes and create indexes in its schema. */
  private static boolean canRebuildIndexes(Connection local, TableStructure table)
      throws SQLException {
    return Sql.one(
        local,
        """
        select pg_catalog.pg_has_role(?::name, 'usage')
               and pg_catalog.has_schema_privilege(?::text, 'create')
        """,
        row -> row.getBoolean(1),
        table.owner(),
        table.name().schema());
  }

  static List<DroppableObject> of(TableStructure table) {
    List<DroppableObject> result = new ArrayList<>();
    for (Index index : table.indexes()) {
      if (index.removable() && index.valid()) {
        TableName name = new TableName(table.name().schema(), index.name());
        result.add(
            new DroppableObject(
                index.name(),
                "drop index " + name.quoted(),
                withFollowUps(
                    TableDdl.indexSql(index, index.name(), table.name()), index.afterwards()),
                index.afterwards().isEmpty()));
      }
    }
    constraints(table, false, result);
    constraints(table, true, result);
    return List.copyOf(result);
  }

  private static void constraints(
      TableStructure table, boolean primaryKey, List<DroppableObject> result) {
    String alter = "alter table only " + table.name().quoted();
    for (Constraint constraint : table.constraints()) {
      if (!constraint.isCheck()
          && constraint.isPrimaryKey() == primaryKey
          && constraint.removable()) {
        result.add(
            new DroppableObject(
                constraint.name(),
                alter + " drop constraint " + Quoting.identifier(constraint.name()),
                withFollowUps(
                    TableDdl.constraintSql(constraint, constraint.name(), table.name()),
                    constraint.afterwards()),
                false));
      }
    }
  }

  private static String withFollowUps(String create, List<String> afterwards) {
    List<String> statements = new ArrayList<>();
    statements.add(create);
    statements.addAll(afterwards);
    return String.join(";\n", statements);
  }
}

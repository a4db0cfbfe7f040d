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
 * What to drop from a table before its rows come. Foreign keys are somebody else's: those that
 * refer to a key listed here have to be gone before.
 */
public final class CopyObstacles {
  private CopyObstacles() {}

  /**
   * In the order of dropping: indexes, constraints, primary key. Creating goes in the reverse
   * order. Left out is what cannot be dropped by itself or might not come back exactly as it was:
   * it stays, and only makes the copy slower. That are indexes of partitions that hang on their
   * parent, keys that a view or a foreign key needs, indexes whose functions may need a search_path
   * (see {@link CatalogQueries}), and everything of a table that is not ours, or partitioned: the
   * indexes of its partitions, with names and options of their own, would go with it.
   */
  public static List<DroppableObject> of(Connection local, TableName table) throws SQLException {
    Optional<TableStructure> structure = StructureReader.read(local, table);
    return structure.isPresent()
            && !structure.get().isPartitioned()
            && isOurs(local, structure.get())
        ? of(structure.get())
        : List.of();
  }

  /** True when the role may drop the table's indexes, and create indexes in its schema again. */
  private static boolean isOurs(Connection local, TableStructure table) throws SQLException {
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
                withRest(TableDdl.indexSql(index, index.name(), table.name()), index.afterwards()),
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
                withRest(
                    TableDdl.constraintSql(constraint, constraint.name(), table.name()),
                    constraint.afterwards()),
                false));
      }
    }
  }

  private static String withRest(String create, List<String> afterwards) {
    List<String> statements = new ArrayList<>();
    statements.add(create);
    statements.addAll(afterwards);
    return String.join(";\n", statements);
  }
}

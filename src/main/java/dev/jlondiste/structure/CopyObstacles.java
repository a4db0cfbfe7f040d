package dev.jlondiste.structure;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.structure.TableStructure.Constraint;
import dev.jlondiste.structure.TableStructure.Index;
import dev.jlondiste.structure.TableStructure.Rule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What to drop from a table before its rows come. Foreign keys are somebody else's: those that
 * refer to a key listed here have to be gone before.
 */
public final class CopyObstacles {
  private CopyObstacles() {}

  /**
   * In the order of dropping: rules, indexes, constraints, primary key. Creating goes in the
   * reverse order (a rule may name a constraint in {@code ON CONFLICT}). What the server would not
   * drop by itself is left out: indexes of partitions that hang on their parent, keys that a view
   * needs.
   */
  public static List<DroppableObject> of(Connection local, TableName table) throws SQLException {
    return StructureReader.read(local, table).map(CopyObstacles::of).orElse(List.of());
  }

  static List<DroppableObject> of(TableStructure table) {
    List<DroppableObject> result = new ArrayList<>();
    for (Rule rule : table.rules()) {
      result.add(
          new DroppableObject(
              rule.name(),
              "drop rule " + Quoting.identifier(rule.name()) + " on " + table.name().quoted(),
              TableDdl.ruleSql(table, table.name(), rule)));
    }
    for (Index index : table.indexes()) {
      if (index.removable() && index.valid()) {
        TableName name = new TableName(table.name().schema(), index.name());
        result.add(
            new DroppableObject(
                index.name(),
                "drop index " + name.quoted(),
                withRest(
                    TableDdl.indexSql(index, index.name(), table.name()), index.afterwards())));
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
                    constraint.afterwards())));
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

package dev.jlondiste.admin.tables;

import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a table differs between this node and the node it is copied from.
 *
 * @param fatal differences with which rows cannot be replicated
 * @param harmless differences with which rows can be replicated anyway
 */
record StructureDifferences(List<String> fatal, List<String> harmless) {
  static StructureDifferences between(TableStructure there, TableStructure here) {
    List<String> columns = there.columns().stream().map(Column::name).toList();
    return between(there, here, RowMapping.same(columns));
  }

  /** {@code mapping} is how rows there become rows here. */
  static StructureDifferences between(
      TableStructure there, TableStructure here, RowMapping mapping) {
    List<String> fatal = new ArrayList<>();
    List<String> harmless = new ArrayList<>();
    mapping
        .written()
        .forEach(
            (name, source) -> {
              Optional<Column> ours = here.column(name);
              if (ours.isEmpty()) {
                fatal.add("column " + name + " is missing here");
              } else if (!mapping.changed().contains(name)) {
                compare(there.column(source).orElseThrow(), ours.get(), fatal, harmless);
              }
            });
    for (Column column : here.columns()) {
      if (!mapping.writes(column.name())) {
        extra(column, fatal, harmless);
      }
    }
    return new StructureDifferences(fatal, harmless);
  }

  private static void compare(
      Column there, Column here, List<String> fatal, List<String> harmless) {
    if (!there.type().equals(here.type())) {
      fatal.add(
          "column %s is %s there and %s here".formatted(there.name(), there.type(), here.type()));
    } else if (here.notNull() && !there.notNull()) {
      harmless.add("column " + here.name() + " is not null only here");
    }
  }

  private static void extra(Column column, List<String> fatal, List<String> harmless) {
    boolean filled = column.expression() != null || column.isIdentity() || column.isGenerated();
    if (column.notNull() && !filled) {
      fatal.add("column " + column.name() + " exists only here, not null and without default");
    } else {
      harmless.add("column " + column.name() + " exists only here");
    }
  }
}

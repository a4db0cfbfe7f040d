package dev.jlondiste.admin.tables;

import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is not the same about a table here and on the node it comes from.
 *
 * @param fatal rows could not come through
 * @param odd rows come through all the same
 */
record StructureDifferences(List<String> fatal, List<String> odd) {
  static StructureDifferences between(TableStructure there, TableStructure here) {
    List<String> fatal = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    for (Column column : there.columns()) {
      Optional<Column> ours = here.column(column.name());
      if (ours.isEmpty()) {
        fatal.add("column " + column.name() + " is missing here");
      } else {
        compare(column, ours.get(), fatal, odd);
      }
    }
    for (Column column : here.columns()) {
      if (there.column(column.name()).isEmpty()) {
        extra(column, fatal, odd);
      }
    }
    return new StructureDifferences(fatal, odd);
  }

  private static void compare(Column there, Column here, List<String> fatal, List<String> odd) {
    if (!there.type().equals(here.type())) {
      fatal.add(
          "column %s is %s there and %s here".formatted(there.name(), there.type(), here.type()));
    } else if (here.notNull() && !there.notNull()) {
      odd.add("column " + here.name() + " is not null only here");
    }
  }

  private static void extra(Column column, List<String> fatal, List<String> odd) {
    boolean filled = column.expression() != null || column.isIdentity() || column.isGenerated();
    if (column.notNull() && !filled) {
      fatal.add("column " + column.name() + " exists only here, not null and without default");
    } else {
      odd.add("column " + column.name() + " exists only here");
    }
  }
}

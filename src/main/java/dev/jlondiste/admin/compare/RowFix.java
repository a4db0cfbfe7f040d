package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.compare.ComparedColumns.Compared;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.structure.TableStructure.Constraint;
import dev.jlondiste.structure.TableStructure.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements that make a local row equal to that of the source. They change only a row that is
 * still as it was found, and only the columns that differ. If one of these has a unique index, the
 * row is deleted and inserted instead, because another row may have its new value still. So it is
 * if one of these is an identity column that no UPDATE may set.
 */
final class RowFix {
  /** A name in a definition. */
  private static final String NAME = "(?<!\\w)%s(?!\\w)";

  private final ComparedTable table;
  private final List<Compared> columns;

  /** The definitions of unique indexes and exclusion constraints. */
  private final List<String> unique;

  RowFix(ComparedTable table) {
    this.table = table;
    this.columns = table.columns().columns();
    this.unique =
        Stream.concat(
                table.local().indexes().stream().filter(Index::unique).map(Index::definition),
                table.local().constraints().stream()
                    .filter(constraint -> !constraint.isCheck() && !constraint.isPrimaryKey())
                    .map(Constraint::definition))
            .toList();
  }

  /**
   * The statements for some rows, without semicolons. All deletes go first, and all inserts last.
   *
   * @param inserts of rows that are missing
   * @param returns inserts of rows that were deleted
   */
  record Statements(
      List<String> deletes, List<String> updates, List<String> inserts, List<String> returns) {
    /** In the order in which they are executed. */
    List<String> all() {
      return Stream.of(deletes, updates, inserts, returns).flatMap(List::stream).toList();
    }
  }

  /** Throws {@link NotComparable} if a row cannot be made equal. */
  Statements of(List<Difference> differences) {
    Statements all =
        new Statements(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Difference difference : differences) {
      switch (difference.kind()) {
        case INSERT -> all.inserts().add(insert(difference.source().orElseThrow()));
        case DELETE -> all.deletes().add(delete(difference));
        case UPDATE -> {
          if (isInsertedAgain(difference.columns())) {
            all.deletes().add(delete(difference));
            all.returns().add(insert(difference.source().orElseThrow()));
          } else {
            all.updates().add(update(difference));
          }
        }
      }
    }
    return all;
  }

  /** Only a row whose columns are all known can be inserted again. */
  private boolean isInsertedAgain(List<Integer> positions) {
    return !table.columns().ignoresOthers()
        && positions.stream()
            .map(i -> columns.get(i).name())
            .anyMatch(name -> isUnique(name) || isFixedIdentity(name));
  }

  private boolean isUnique(String name) {
    Pattern pattern = Pattern.compile(NAME.formatted(Pattern.quote(name.replace("\"", "\"\""))));
    return unique.stream().anyMatch(text -> pattern.matcher(text).find());
  }

  private boolean isFixedIdentity(String name) {
    return table.local().column(name).orElseThrow().identity().equals("a");
  }

  private String insert(RowTexts row) {
    if (!table.columns().unknown().isEmpty()) {
      throw new NotComparable(
          "a row is missing, and only the handler knows what it has here in "
              + String.join(", ", table.columns().unknown())
              + ": resync the table");
    }
    List<Integer> written = written(IntStream.range(0, columns.size()).boxed().toList());
    return "insert into %s (%s)%s values (%s)"
        .formatted(
            table.local().name().quoted(),
            written.stream().map(i -> columns.get(i).here()).collect(Collectors.joining(", ")),
            hasFixedIdentity() ? " overriding system value" : "",
            written.stream().map(i -> literal(row, i)).collect(Collectors.joining(", ")));
  }

  private String update(Difference difference) {
    RowTexts there = difference.source().orElseThrow();
    RowTexts here = difference.local().orElseThrow();
    List<Integer> written = written(difference.columns());
    if (written.isEmpty()) {
      throw new NotComparable(
          "only generated columns differ: "
              + difference.columns().stream()
                  .map(i -> columns.get(i).name())
                  .collect(Collectors.joining(", ")));
    }
    return "update "
        + rows()
        + " set "
        + written.stream()
            .map(i -> columns.get(i).here() + " = " + literal(there, i))
            .collect(Collectors.joining(", "))
        + where(here, written);
  }

  private String delete(Difference difference) {
    return "delete from "
        + rows()
        + where(
            difference.local().orElseThrow(),
            IntStream.range(0, columns.size())
                .filter(i -> !table.key().contains(columns.get(i)))
                .boxed()
                .toList());
  }

  private List<Integer> written(List<Integer> positions) {
    return positions.stream().filter(i -> !columns.get(i).isGenerated()).toList();
  }

  /** The key, and the old values of columns, as texts: some types have no equality. */
  private String where(RowTexts row, List<Integer> guarded) {
    return " where "
        + table.key().stream()
            .map(column -> column.here() + " = " + literal(row, columns.indexOf(column)))
            .collect(Collectors.joining(" and "))
        + guarded.stream()
            .filter(i -> !isName(columns.get(i)))
            .map(i -> " and " + guard(columns.get(i), row.literals().get(i)))
            .collect(Collectors.joining());
  }

  /** True if the text depends on the search path, which is that of the triggers of the table. */
  private static boolean isName(Compared column) {
    return column.localType().startsWith("reg");
  }

  private static String guard(Compared column, @Nullable String old) {
    return old == null
        ? column.here() + " is null"
        : "(" + column.here() + ")::text = " + Quoting.literal(old).strip();
  }

  private String rows() {
    return (table.local().isPartitioned() ? "" : "only ") + table.local().name().quoted();
  }

  private static String literal(RowTexts row, int position) {
    return Quoting.literal(row.literals().get(position)).strip();
  }

  private boolean hasFixedIdentity() {
    return table.local().columns().stream().anyMatch(column -> isFixedIdentity(column.name()));
  }
}

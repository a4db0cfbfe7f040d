package dev.jlondiste.admin.resurrection;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.FragmentFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The lost events as SQL for review, in two files. The first repeats the changes on the new root.
 * The second undoes them on the former root, the last one first; changes whose old row is not known
 * are comments.
 */
final class LostEventsSql {
  private final LostEventsFile events;
  private final String node;
  private final Function<String, RestoredTable> tables;

  /**
   * SQL for the events of a file.
   *
   * @param node the former root
   * @param tables the tables there, by their names in the queue
   */
  LostEventsSql(LostEventsFile events, String node, Map<String, RestoredTable> tables) {
    this.events = events;
    this.node = node;
    this.tables = name -> tables.getOrDefault(name, RestoredTable.plain(TableName.parse(name)));
  }

  /** The name of the second file: {@code lost.sql} and {@code lost.rollback.sql}. */
  static Path rollbackFile(Path file) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(
        name.endsWith(".sql")
            ? name.substring(0, name.length() - 4) + ".rollback.sql"
            : name + ".rollback");
  }

  /** Writes both files; an existing one is replaced. */
  void write(Path file) throws IOException {
    write(
        file,
        """
        -- Changes of node '%s' that no other node has. To repeat them: review them, and run this
        -- file on the root, as one transaction.
        begin;
        """,
        out -> events.forEach(lost -> out.write(forward(lost))));
    write(
        rollbackFile(file),
        """
        -- Undoes the lost changes in the database of node '%s', the last one first. Run this file
        -- there before 'resume'. Lines with CANNOT are changes that it does not undo: resync those
        -- tables.
        begin;
        select londiste.set_session_replication_role('replica', true);
        """,
        out -> events.forEachBackwards(lost -> out.write(backward(lost))));
  }

  /** Writes the statements of a file. */
  @FunctionalInterface
  private interface Statements {
    void writeTo(BufferedWriter out) throws IOException;
  }

  private void write(Path file, String head, Statements statements) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (BufferedWriter out = Files.newBufferedWriter(temporary)) {
      out.write(head.formatted(node));
      statements.writeTo(out);
      out.write("\ncommit;\n");
    }
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private String forward(LostEvent lost) {
    if (!lost.event().isTableEvent()) {
      return heading(lost)
          + "-- no change of a row: "
          + comment(String.valueOf(lost.event().data()))
          + "\n";
    }
    String name = String.valueOf(lost.event().extra1());
    RestoredTable table = tables.apply(name).named(TableName.parse(name));
    return heading(lost)
        + lost.change()
            .map(change -> repeat(table, change, lost.oldRow()))
            .orElseGet(() -> other(table, lost));
  }

  private static String repeat(RestoredTable table, RowChange change, Optional<RowChange> old) {
    return switch (change.operation()) {
      case INSERT -> insert(table, change);
      case UPDATE -> update(table, old.orElse(null), change);
      case DELETE -> delete(table, change);
    };
  }

  private static String other(RestoredTable table, LostEvent lost) {
    if (lost.event().isTruncate()) {
      return "-- truncate " + table.rows() + ";\n";
    }
    return FragmentFormat.recognizes(lost.event().type())
        ? FragmentFormat.statement(
                lost.event().type(),
                table.name().quoted(),
                table.rows(),
                lost.event().requiredData())
            + ";\n"
        : "-- cannot be decoded: " + comment(String.valueOf(lost.event().data())) + "\n";
  }

  private String backward(LostEvent lost) {
    if (!lost.event().isTableEvent()) {
      return "";
    }
    RestoredTable table = tables.apply(String.valueOf(lost.event().extra1()));
    if (!lost.canBeRolledBack()) {
      return heading(lost)
          + "-- CANNOT undo: the old row of "
          + table.name().quoted()
          + " is not known\n";
    }
    RowChange change = lost.change().orElseThrow();
    return heading(lost)
        + switch (change.operation()) {
          case INSERT -> delete(table, change);
          case UPDATE -> update(table, change, lost.oldRow().orElseThrow());
          case DELETE -> insert(table, change);
        };
  }

  private static String heading(LostEvent lost) {
    return "\n-- event %d, %s, transaction %d, tick %s: %s\n"
        .formatted(
            lost.event().id(),
            lost.event().time(),
            lost.event().txid(),
            lost.tick(),
            comment(lost.event().type()));
  }

  private static String comment(String text) {
    return text.replaceAll("\\R", " ");
  }

  private static String insert(RestoredTable table, RowChange change) {
    List<String> columns = change.shape().columns();
    int[] given =
        IntStream.range(0, columns.size())
            .filter(i -> !table.generated().contains(columns.get(i)))
            .toArray();
    return "insert into %s (%s)%s values (%s);\n"
        .formatted(
            table.name().quoted(),
            IntStream.of(given)
                .mapToObj(i -> Quoting.identifier(columns.get(i)))
                .collect(Collectors.joining(", ")),
            table.hasFixedIdentity() ? " overriding system value" : "",
            IntStream.of(given)
                .mapToObj(i -> change.literal(i).strip())
                .collect(Collectors.joining(", ")));
  }

  private static String delete(RestoredTable table, RowChange change) {
    return "delete from " + table.rows() + where(change) + ";\n";
  }

  /** Sets all columns, or only those that differ if the row before is known. */
  private static String update(RestoredTable table, @Nullable RowChange from, RowChange to) {
    List<String> columns = to.shape().columns();
    String set =
        IntStream.of(to.shape().otherPositions())
            .filter(i -> !table.generated().contains(columns.get(i)))
            .filter(i -> from == null || differs(from, to, columns.get(i)))
            .mapToObj(i -> Quoting.identifier(columns.get(i)) + " = " + to.literal(i).strip())
            .collect(Collectors.joining(", "));
    return set.isEmpty()
        ? "-- no column differs\n"
        : "update " + table.rows() + " set " + set + where(to) + ";\n";
  }

  private static boolean differs(RowChange one, RowChange other, String column) {
    int there = one.shape().columns().indexOf(column);
    int here = other.shape().columns().indexOf(column);
    return there < 0 || !Objects.equals(one.value(there), other.value(here));
  }

  private static String where(RowChange change) {
    List<String> columns = change.shape().columns();
    return change.keys().stream()
        .map(key -> Quoting.identifier(key) + " = " + change.literal(columns.indexOf(key)).strip())
        .collect(Collectors.joining(" and ", " where ", ""));
  }
}

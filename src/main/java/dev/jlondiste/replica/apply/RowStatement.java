package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.FragmentFormat;
import dev.jlondiste.pgq.row.RowShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row change as SQL with untyped literals, so that the target's own column types decide.
 * Used by one thread only.
 */
final class RowStatement {
  private final TableName table;
  private final TargetTable target;
  private final List<String> computed;
  private final boolean overridingAllowed;
  private RowShape shape = new RowShape(false, List.of(), List.of());
  private int[] written = {};
  private int[] assigned = {};
  private int[] keys = {};
  private String insert = "";

  /**
   * Writes for one table.
   *
   * @param overridingAllowed true from PostgreSQL 10 on: identity columns take the source's values
   */
  RowStatement(TargetTable target, boolean overridingAllowed) {
    this.target = target;
    this.table = target.name();
    this.computed = List.copyOf(target.computed().expressions().keySet());
    this.overridingAllowed = overridingAllowed;
  }

  String of(RowChange change) {
    return switch (change.operation()) {
      case INSERT -> insert(change);
      case UPDATE -> update(change);
      case DELETE -> delete(change);
    };
  }

  /** By its key, whatever its operation was. */
  String delete(RowChange change) {
    prepareFor(change);
    return "delete from " + target.rows() + where(change);
  }

  /**
   * The row as new or with its new values, or deleted, unless the table has a row of its key with a
   * later value in column {@code time}. NULL is earlier than any value.
   */
  String unlessOlder(RowChange change, String time) {
    prepareFor(change);
    int position = shape.columns().indexOf(time);
    if (position < 0) {
      throw new IllegalArgumentException("the event has no column '" + time + "'");
    }
    String there = Quoting.identifier(table.name()) + "." + column(position);
    if (change.operation() == RowChange.Operation.DELETE) {
      return delete(change)
          + " and ("
          + there
          + " is null"
          + (change.value(position) == null
              ? ")"
              : " or " + there + "<=" + change.literal(position) + ")");
    }
    return insert(change)
        + " on conflict ("
        + shape.keys().stream().map(Quoting::identifier).collect(Collectors.joining(","))
        + ") do "
        + (assigned.length == 0
            ? "nothing"
            : "update set "
                + Arrays.stream(assigned)
                    .mapToObj(i -> column(i) + "=excluded." + column(i))
                    .collect(Collectors.joining(","))
                + " where "
                + there
                + " is null or "
                + there
                + "<=excluded."
                + column(position));
  }

  private void prepareFor(RowChange change) {
    RowShape next = change.shape();
    if (next.equals(shape)) {
      return;
    }
    shape = next;
    written = mayWrite(IntStream.range(0, next.columns().size()));
    assigned = mayWrite(Arrays.stream(next.otherPositions()));
    keys = next.keyPositions();
    insert =
        "insert into "
            + table.quoted()
            + " ("
            + Stream.concat(
                    Arrays.stream(written).mapToObj(this::column),
                    computed.stream().map(Quoting::identifier))
                .collect(Collectors.joining(","))
            + (overridingAllowed ? ") overriding system value values " : ") values ");
  }

  private int[] mayWrite(IntStream positions) {
    return positions.filter(i -> target.isWritten(shape.columns().get(i))).toArray();
  }

  private String column(int position) {
    return Quoting.identifier(shape.columns().get(position));
  }

  /** The statement around a fragment of {@code pgq.sqltriga}. */
  String ofFragment(String type, String fragment) {
    return FragmentFormat.statement(type, table.quoted(), target.rows(), fragment);
  }

  /** As new, whatever its operation was. */
  String insert(RowChange change) {
    prepareFor(change);
    return insert + values(change);
  }

  /**
   * As new, whatever their operations were, many in a statement.
   *
   * @param changes of one shape
   * @param enough characters that are enough for a statement
   */
  List<String> inserts(Iterable<RowChange> changes, long enough) {
    List<String> statements = new ArrayList<>();
    StringBuilder next = new StringBuilder();
    for (RowChange change : changes) {
      if (next.length() >= enough) {
        statements.add(next.toString());
        next.setLength(0);
      }
      next.append(next.isEmpty() ? insert(change) : "," + values(change));
    }
    if (!next.isEmpty()) {
      statements.add(next.toString());
    }
    return statements;
  }

  /**
   * Gives rows other keys and values, one after the other, in one statement, so that foreign keys
   * are only checked at its end. The result is an array of how many rows each update affected. Each
   * part reads the result of the one before: the server may execute independent parts in any order.
   */
  String keyUpdates(List<KeyUpdates.KeyUpdate> updates) {
    StringBuilder with = new StringBuilder("with ");
    for (int i = 0; i < updates.size(); i++) {
      with.append(i == 0 ? "" : ", ")
          .append("updated%d as (".formatted(i))
          .append(keyUpdate(updates.get(i).from(), updates.get(i).to()))
          .append(i == 0 ? "" : " and (select count(*) from updated%d) >= 0".formatted(i - 1))
          .append(" returning 1)");
    }
    return IntStream.range(0, updates.size())
        .mapToObj("(select count(*) from updated%d)"::formatted)
        .collect(Collectors.joining(", ", with + " select array[", "]"));
  }

  /** The row with the key of {@code from} gets all values of {@code to}. */
  String keyUpdate(RowChange from, RowChange to) {
    prepareFor(from);
    String where = where(from);
    prepareFor(to);
    return "update " + target.rows() + " set " + assignments(written, to) + where;
  }

  private String values(RowChange change) {
    return Stream.concat(
            Arrays.stream(written).mapToObj(change::literal),
            computed.stream().map(column -> target.computed().valueSql(column, change)))
        .collect(Collectors.joining(",", "(", ")"));
  }

  private String update(RowChange change) {
    prepareFor(change);
    String where = where(change);
    String assignments = assignments(assigned, change);
    if (assignments.isEmpty()) {
      // Only keys: still an UPDATE, for triggers that fire ALWAYS and for the count of affected
      // rows.
      assignments = column(keys[0]) + "=" + column(keys[0]);
    }
    return "update " + target.rows() + " set " + assignments + where;
  }

  private String assignments(int[] positions, RowChange change) {
    return Stream.concat(
            Arrays.stream(positions).mapToObj(i -> column(i) + "=" + change.literal(i)),
            computed.stream()
                .map(
                    column ->
                        Quoting.identifier(column)
                            + "="
                            + target.computed().valueSql(column, change)))
        .collect(Collectors.joining(","));
  }

  private String where(RowChange change) {
    if (keys.length == 0) {
      throw new IllegalArgumentException(change.operation() + " without key on table " + table);
    }
    return IntStream.range(0, keys.length)
        .mapToObj(i -> condition(i, change))
        .collect(Collectors.joining(" and ", " where ", ""));
  }

  private String condition(int key, RowChange change) {
    if (keys[key] < 0) {
      throw new IllegalArgumentException(
          "the event has no value for key column '" + shape.keys().get(key) + "'");
    }
    @Nullable String value = change.value(keys[key]);
    return column(keys[key]) + (value == null ? " is null" : "=" + change.literal(keys[key]));
  }
}

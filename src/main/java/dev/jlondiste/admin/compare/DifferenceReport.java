package dev.jlondiste.admin.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the rows of a table that differ, and keeps the first of them. */
public final class DifferenceReport {
  private static final Logger log = LoggerFactory.getLogger(DifferenceReport.class);

  private final ComparedTable table;
  private final int limit;
  private final List<DifferingRow> first = new ArrayList<>();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

  /** How a row differs. */
  public enum Kind {
    /** Only the source has it. */
    MISSING,
    /** Both sides have it, with different values. */
    DIFFERENT,
    /** Only this node has it. */
    EXTRA
  }

  /**
   * A row that differs.
   *
   * @param key the texts of its key columns
   * @param columns those that differ; empty unless both sides have the row
   */
  public record DifferingRow(Kind kind, Map<String, String> key, List<String> columns) {
    public DifferingRow {
      key = Collections.unmodifiableMap(new LinkedHashMap<>(key));
      columns = List.copyOf(columns);
    }

    @Override
    public String toString() {
      String text =
          key.entrySet().stream()
              .map(column -> column.getKey() + "=" + column.getValue())
              .collect(Collectors.joining(", "));
      return text
          + ": "
          + switch (kind) {
            case MISSING -> "missing here";
            case EXTRA -> "not on the source";
            case DIFFERENT -> "differs in " + String.join(", ", columns);
          };
    }
  }

  /** Keeps at most {@code limit} rows. */
  DifferenceReport(ComparedTable table, int limit) {
    this.table = table;
    this.limit = limit;
  }

  /** Adds all of them. */
  List<RowKey> add(List<Difference> differences) {
    differences.forEach(this::add);
    return List.of();
  }

  private void add(Difference difference) {
    Kind kind = kind(difference);
    counts.merge(kind, 1L, Long::sum);
    if (first.size() < limit) {
      List<String> columns =
          kind == Kind.DIFFERENT
              ? difference.columns().stream()
                  .map(column -> table.columns().columns().get(column).name())
                  .toList()
              : List.of();
      first.add(new DifferingRow(kind, key(difference.key()), columns));
    }
  }

  private static Kind kind(Difference difference) {
    return switch (difference.kind()) {
      case INSERT -> Kind.MISSING;
      case UPDATE -> Kind.DIFFERENT;
      case DELETE -> Kind.EXTRA;
    };
  }

  private Map<String, String> key(RowKey key) {
    Map<String, String> columns = new LinkedHashMap<>();
    IntStream.range(0, table.key().size())
        .forEach(i -> columns.put(table.key().get(i).name(), key.texts().get(i)));
    return columns;
  }

  /** The number of rows that differ in this way. */
  public long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** The number of rows that differ. */
  long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  /** For example {@code 1 rows are missing here, 0 differ, 2 are not on the source}. */
  @Override
  public String toString() {
    return isEmpty()
        ? "equal"
        : "%d rows are missing here, %d differ, %d are not on the source"
            .formatted(count(Kind.MISSING), count(Kind.DIFFERENT), count(Kind.EXTRA));
  }

  /** The first rows that differ. */
  public List<DifferingRow> first() {
    return Collections.unmodifiableList(first);
  }

  void log() {
    if (isEmpty()) {
      return;
    }
    log.warn("{}: Results do not match!", table.local().name());
    log.warn("{}: {}", table.local().name(), this);
    nameRows();
  }

  /** Names the first rows. */
  void nameRows() {
    first.forEach(row -> log.warn("{}: {}", table.local().name(), row));
  }
}

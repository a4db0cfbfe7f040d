package dev.jlondiste.admin.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the rows of a table that differ. */
final class DifferenceReport {
  private static final Logger log = LoggerFactory.getLogger(DifferenceReport.class);
  private static final int NAMED = 10;

  private final ComparedTable table;
  private final List<Difference> first = new ArrayList<>();
  private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);

  DifferenceReport(ComparedTable table) {
    this.table = table;
  }

  /** Adds all of them. */
  List<RowKey> add(List<Difference> differences) {
    differences.forEach(this::add);
    return List.of();
  }

  private void add(Difference difference) {
    counts.merge(difference.kind(), 1L, Long::sum);
    if (first.size() < NAMED) {
      first.add(difference);
    }
  }

  long count(Difference.Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  boolean isEmpty() {
    return first.isEmpty();
  }

  void log() {
    if (isEmpty()) {
      return;
    }
    log.warn("{}: Results do not match!", table.local().name());
    log.warn(
        "{}: {} rows are missing here, {} differ, {} are not on the source",
        table.local().name(),
        count(Difference.Kind.INSERT),
        count(Difference.Kind.UPDATE),
        count(Difference.Kind.DELETE));
    nameRows();
  }

  /** Names the first rows. */
  void nameRows() {
    for (Difference difference : first) {
      log.warn("{}: {}: {}", table.local().name(), key(difference), what(difference));
    }
  }

  private String key(Difference difference) {
    return IntStream.range(0, table.key().size())
        .mapToObj(i -> table.key().get(i).name() + "=" + difference.key().texts().get(i))
        .collect(Collectors.joining(", "));
  }

  private String what(Difference difference) {
    return switch (difference.kind()) {
      case INSERT -> "missing here";
      case DELETE -> "not on the source";
      case UPDATE ->
          difference.columns().stream()
              .map(column -> table.columns().columns().get(column).name())
              .collect(Collectors.joining(", ", "differs in ", ""));
    };
  }
}

package dev.jlondiste.admin.resurrection;

import dev.jlondiste.pgq.row.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts lost events per table and kind. */
final class LostEventStatistics {
  private final Map<String, Counts> tables = new TreeMap<>();
  private final Set<String> truncated = new TreeSet<>();
  private long events;

  /** The row changes of a table. */
  private static final class Counts {
    private final Map<EventFormat.Action, Long> all = new TreeMap<>();
    private final Map<EventFormat.Action, Long> restorable = new TreeMap<>();
  }

  void add(LostEvent lost) {
    events++;
    String table = String.valueOf(lost.event().extra1());
    EventFormat format = EventFormat.of(lost.event().type());
    if (format == null) {
      return;
    }
    if (lost.event().isTruncate()) {
      truncated.add(table);
      return;
    }
    Counts counts = tables.computeIfAbsent(table, name -> new Counts());
    EventFormat.Action action = format.head(lost.event().type()).action();
    counts.all.merge(action, 1L, Long::sum);
    if (lost.canBeRolledBack()) {
      counts.restorable.merge(action, 1L, Long::sum);
    }
  }

  long events() {
    return events;
  }

  /** The tables with changes, by name. */
  Set<String> tables() {
    Set<String> names = new TreeSet<>(tables.keySet());
    names.addAll(truncated);
    return names;
  }

  /** One line per table and kind of change, then the truncated tables. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    tables.forEach(
        (table, counts) ->
            counts.all.forEach(
                (action, count) -> {
                  boolean canRollBack = count.equals(counts.restorable.get(action));
                  lines.add(
                      "  %s: %s: %d, %s"
                          .formatted(
                              table,
                              action.name().toLowerCase(Locale.ROOT),
                              count,
                              canRollBack ? "can rollback" : "cannot rollback"));
                }));
    if (!truncated.isEmpty()) {
      lines.add("  truncated tables, cannot rollback: " + String.join(", ", truncated));
    }
    return lines;
  }
}

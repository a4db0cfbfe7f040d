package dev.jlondiste.replica.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A handler that loads rows: {@code dispatch}, and the names for frequent values of its arguments.
 * All have the same arguments and differ in their defaults, except {@code bulk}, which has few.
 *
 * @param tableMode default of {@code table_mode}, and so on
 */
record LoadPreset(
    String name, String tableMode, PartMode partMode, Period period, String rowMode, boolean bulk) {
  /** Values of {@code table_mode}. */
  static final String PART = "part";

  static final String DIRECT = "direct";
  static final String IGNORE = "ignore";

  private static final String PLAIN = "plain";
  private static final String KEEP_LATEST = "keep_latest";

  static final LoadPreset DISPATCH =
      new LoadPreset("dispatch", PART, PartMode.BATCH_TIME, Period.DAY, PLAIN, false);

  private static final Map<String, PartMode> MODES =
      Map.of(
          "event",
          PartMode.EVENT_TIME,
          "batch",
          PartMode.BATCH_TIME,
          "field",
          PartMode.DATE_FIELD,
          "time",
          PartMode.CURRENT_TIME);

  private static final Map<String, Period> PERIODS =
      Map.of(
          "hourly",
          Period.HOUR,
          "daily",
          Period.DAY,
          "monthly",
          Period.MONTH,
          "yearly",
          Period.YEAR);

  /** All presets: dispatch first, then those that write to the table, then those by period. */
  static List<LoadPreset> all() {
    List<LoadPreset> all = new ArrayList<>();
    all.add(DISPATCH);
    for (boolean bulk : List.of(false, true)) {
      String prefix = bulk ? "bulk_" : "";
      all.add(
          new LoadPreset(prefix + DIRECT, DIRECT, PartMode.BATCH_TIME, Period.DAY, PLAIN, bulk));
    }
    for (boolean bulk : List.of(false, true)) {
      for (String period : List.of("hourly", "daily", "monthly", "yearly")) {
        for (String mode : List.of("event", "batch", "field", "time")) {
          all.add(byPeriod(bulk, period, mode));
        }
      }
    }
    return all;
  }

  private static LoadPreset byPeriod(boolean bulk, String period, String mode) {
    return new LoadPreset(
        (bulk ? "bulk_" : "") + period + "_" + mode,
        PART,
        MODES.getOrDefault(mode, PartMode.BATCH_TIME),
        PERIODS.getOrDefault(period, Period.DAY),
        KEEP_LATEST,
        bulk);
  }

  /** In one line. */
  String summary() {
    if (equals(DISPATCH)) {
      return "Loads rows into partitions by time, which it creates.";
    }
    if (tableMode.equals(DIRECT)) {
      return bulk
          ? "Loads rows into the table itself in bulk."
          : "Loads rows into the table itself, with options of what a change becomes.";
    }
    return "Loads rows into partitions of one "
        + period.sqlName()
        + ", by "
        + partMode.value().replace('_', ' ').replace("date field", "a column")
        + (bulk ? ", in bulk." : ".");
  }

  /** In several lines. */
  String text() {
    if (equals(DISPATCH)) {
      return """
      Changes are written to the partition of their time, which is created when it is missing, by
      londiste.create_partition. If the table itself is partitioned (PostgreSQL 10 and later), the
      new partition is one of its partitions. The initial copy writes to the table itself, so add
      the table with --expect-sync or --skip-truncate.\
      """;
    }
    return "Handler 'dispatch' with table_mode=%s%s row_mode=%s load_mode=%s."
        .formatted(
            tableMode,
            tableMode.equals(PART)
                ? " part_mode=%s period=%s".formatted(partMode.value(), period.sqlName())
                : "",
            rowMode,
            bulk ? LoadArguments.BULK : DIRECT);
  }
}

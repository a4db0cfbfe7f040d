package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names partitions of one table after their time. */
final class PartitionName {
  static final Set<String> VARIABLES = Set.of("parent", "year", "month", "day", "hour");

  private final TableName parent;
  private final NameTemplate template;

  PartitionName(TableName parent, Period period, HandlerContext context) {
    this.parent = parent;
    this.template =
        new NameTemplate(
            LoadArguments.PART_NAME,
            context.argument(LoadArguments.PART_NAME).orElse(period.nameTemplate()));
  }

  TableName of(LocalDateTime start) {
    return TableName.parse(
        template.fill(
            Map.of(
                "parent",
                parent.full(),
                "year",
                digits("%04d", start.getYear()),
                "month",
                digits("%02d", start.getMonthValue()),
                "day",
                digits("%02d", start.getDayOfMonth()),
                "hour",
                digits("%02d", start.getHour()))));
  }

  private static String digits(String format, int number) {
    return String.format(Locale.ROOT, format, number);
  }
}

package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.RowShape;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition of each change of a batch, and creates the partitions that are missing.
 * Whether a partition exists is checked once in a batch.
 */
final class Partitions {
  /** A key of the ini file: the time zone by which partitions begin. */
  static final String ZONE_SETTING = "partition_time_zone";

  private static final int MAX_NAME_BYTES = 63;
  private static final String NOW = "select (extract(epoch from pg_catalog.now()) * 1000)::bigint";

  private final HandlerContext context;
  private final HandlerBatch batch;
  private final TableName parent;
  private final ColumnArguments fields;
  private final PartMode mode;
  private final Period period;
  private final ZoneId zone;
  private final PartitionName names;
  private final Map<LocalDateTime, Optional<TableName>> known = new HashMap<>();
  private @Nullable PartitionMaker maker;
  private @Nullable String boundColumn;
  private @Nullable LocalDateTime batchStart;

  /** The last time that was read, and the start of its partition: successive events share it. */
  private @Nullable String lastText;

  private LocalDateTime lastStart = LocalDateTime.MIN;

  Partitions(HandlerContext context, HandlerBatch batch, TableName parent, ColumnArguments fields) {
    this.context = context;
    this.batch = batch;
    this.parent = parent;
    this.fields = fields;
    this.mode = PartMode.parse(context.argument(LoadArguments.PART_MODE).orElseThrow());
    this.period = Period.parse(context.argument(LoadArguments.PERIOD).orElseThrow());
    this.zone = zone(context);
    this.names = new PartitionName(parent, period, context);
  }

  private static ZoneId zone(HandlerContext context) {
    String name = context.setting(ZONE_SETTING).orElse("UTC");
    // UTC+3 is east of Greenwich for Java, and west of it for the server.
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw new UserError(
          ZONE_SETTING + " = " + name + " in the ini file is no name of a time zone",
          "write it as UTC or Europe/Tallinn");
    }
    return ZoneId.of(name);
  }

  /**
   * The partition of a change, which exists then; empty if the event is older than the retention
   * period and ignored.
   */
  Optional<TableName> of(DecodedEvent event) throws SQLException {
    RowChange row = ChangeRules.row(event);
    LocalDateTime start = start(event, row);
    Optional<TableName> found = known.get(start);
    if (found == null) {
      found = find(start, row.shape());
      known.put(start, found);
    }
    return found;
  }

  private LocalDateTime start(DecodedEvent event, RowChange row) throws SQLException {
    return switch (mode) {
      case EVENT_TIME -> startOf(event.event().time(), () -> "time of event " + event.event().id());
      case DATE_FIELD -> fieldStart(event, row);
      case BATCH_TIME, CURRENT_TIME -> batchStart();
    };
  }

  private LocalDateTime startOf(String text, Supplier<String> what) {
    if (!text.equals(lastText)) {
      lastStart = period.start(RowTime.parse(text, zone, what));
      lastText = text;
    }
    return lastStart;
  }

  private LocalDateTime fieldStart(DecodedEvent event, RowChange row) {
    String field = field();
    int position = row.shape().columns().indexOf(field);
    String value = position < 0 ? null : row.value(position);
    if (value == null) {
      throw new UserError(
          "event %d of the row with %s has %s '%s', which selects its partition"
              .formatted(
                  event.event().id(),
                  row.keyText(),
                  position < 0 ? "no column" : "NULL in column",
                  field),
          position < 0 ? "part_field must be a column of the table on the root" : RowTime.REMEDY);
    }
    return startOf(value, () -> "column '%s' of event %d".formatted(field, event.event().id()));
  }

  private String field() {
    return context
        .argument(LoadArguments.PART_FIELD)
        .orElseThrow(
            () ->
                new UserError(
                    "argument part_field is missing",
                    "change-handler " + context.table() + " --handler-arg=part_field=COLUMN ..."));
  }

  private LocalDateTime batchStart() throws SQLException {
    LocalDateTime start = batchStart;
    if (start == null) {
      Instant time =
          mode == PartMode.BATCH_TIME
              ? batch.time()
              : Sql.one(batch.connection(), NOW, row -> Instant.ofEpochMilli(row.getLong(1)));
      start = period.start(LocalDateTime.ofInstant(time, zone));
      batchStart = start;
    }
    return start;
  }

  private Optional<TableName> find(LocalDateTime start, RowShape shape) throws SQLException {
    TableName part = names.of(start);
    if (part.name().getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw new UserError(
          "the name of partition " + part + " is longer than " + MAX_NAME_BYTES + " bytes",
          "choose a shorter one: --handler-arg=part_name=...");
    }
    Connection local = batch.connection();
    PartitionMaker here = maker(local);
    requireTimeOfKey(shape);
    if (context.flag(LoadArguments.IGNORE_OLD_EVENTS) && here.isObsolete(part, local)) {
      return Optional.empty();
    }
    if (!PartitionMaker.exists(part, local)) {
      // What is buffered may belong to a partition that is going to be dropped.
      batch.applier().flushAndForget();
      here.create(part, start, batch.connection());
      known.clear();
    }
    return Optional.of(part);
  }

  private PartitionMaker maker(Connection local) throws SQLException {
    PartitionMaker present = maker;
    if (present == null) {
      PartitionedParent table = PartitionedParent.read(local, parent);
      Optional<String> field =
          mode == PartMode.DATE_FIELD ? fields.target(field()) : Optional.empty();
      table.requireKeyOf(context, fields);
      boundColumn = mode == PartMode.DATE_FIELD ? null : table.keyColumn();
      present = new PartitionMaker(context, table, period, field, zone);
      maker = present;
    }
    return present;
  }

  /**
   * If rows have a value in the key of a partitioned table, that value must select the partition: a
   * partition by another time would refuse them.
   */
  private void requireTimeOfKey(RowShape shape) {
    String column = boundColumn;
    if (column != null
        && shape.columns().stream()
            .anyMatch(name -> fields.target(name).equals(Optional.of(column)))) {
      throw new UserError(
          "table %s is partitioned by range of column '%s', and part_mode is %s"
              .formatted(parent, column, mode.value()),
          "use part_mode=date_field with part_field=" + column);
    }
  }
}

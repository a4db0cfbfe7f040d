package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads rows into the local table or its partitions: {@code dispatch} and its {@link LoadPreset
 * presets}. Bulk means the net effect of many changes in few statements, which the applier writes
 * for other tables as well unless {@code apply_sets = 0}.
 */
final class LoadHandler extends RowHandler {
  private static final Logger log = LoggerFactory.getLogger(LoadHandler.class);

  private final boolean inBulk;
  private final String tableMode;
  private final boolean analyzes;
  private final TableName target;
  private final @Nullable ShardFilter filter;

  // Valid for the batch that has begun.
  private @Nullable ChangeRules rules;
  private @Nullable ColumnMapper mapper;
  private @Nullable Partitions partitions;

  private LoadHandler(HandlerContext context) {
    super(context);
    this.inBulk = context.argument(LoadArguments.LOAD_MODE).equals(Optional.of(LoadArguments.BULK));
    this.tableMode = context.argument(LoadArguments.TABLE_MODE).orElse(LoadPreset.PART);
    this.analyzes = context.flag(LoadArguments.ANALYZE);
    this.target = LoadArguments.table(context.arguments()).orElse(context.destination());
    this.filter =
        context.argument(ShardFilter.HASH_KEY).isPresent()
                || context.argument(ShardFilter.HASH_EXPRESSION).isPresent()
            ? new ShardFilter(context)
            : null;
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    List<String> arguments = new ArrayList<>();
    if (filter != null) {
      arguments.addAll(filter.triggerArguments(local, place));
    }
    if (tableMode.equals(LoadPreset.PART) && !place.root() && place.tableExists()) {
      PartitionedParent parent = PartitionedParent.read(local, target);
      if (parent.declarative()) {
        parent.requireKeyOf(context(), LoadFields.of(context()));
        log.info("{}: is partitioned here, so its rows are not copied", context().table());
        arguments.add(parent.canBeCaptured(local) ? "expect_sync" : VirtualHandler.VIRTUAL_TABLE);
      }
    }
    return arguments;
  }

  @Override
  public Optional<String> copyCondition(Connection local) throws SQLException {
    return filter == null ? Optional.empty() : Optional.of(filter.condition(local));
  }

  @Override
  public RowMapping mapping(Connection local, List<String> columns) {
    return mapper(LoadFields.of(context())).mapping(columns);
  }

  private ColumnMapper mapper(ColumnArguments fields) {
    return new ColumnMapper(context(), fields, LocalColumns.NONE);
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    super.begin(batch);
    if (filter != null) {
      filter.begin(batch);
    }
    ColumnArguments fields = LoadFields.of(context());
    rules = ChangeRules.of(context(), inBulk);
    mapper = mapper(fields);
    partitions =
        tableMode.equals(LoadPreset.PART) ? new Partitions(context(), batch, target, fields) : null;
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    if (tableMode.equals(LoadPreset.IGNORE)) {
      return;
    }
    Optional<DecodedEvent> change = filter == null ? Optional.of(event) : filter.applicable(event);
    change = change.flatMap(begun(rules)::apply);
    if (change.isPresent()) {
      Partitions parts = partitions;
      if (parts == null) {
        write(mapped(change.get()), target);
      } else {
        DecodedEvent row = withinPartition(change.get());
        Optional<TableName> part = parts.of(row);
        if (part.isPresent()) {
          write(mapped(row), part.get());
        }
      }
    }
  }

  /** The two halves of a key update may belong to different partitions. */
  private static DecodedEvent withinPartition(DecodedEvent event) {
    return event.withRow(ChangeRules.row(event).apart());
  }

  private DecodedEvent mapped(DecodedEvent event) {
    ColumnMapper map = begun(mapper);
    return map.isIdentity() ? event : event.withRow(map.map(ChangeRules.row(event)));
  }

  private static <T> T begun(@Nullable T value) {
    return Objects.requireNonNull(value, "no batch has begun");
  }

  private void write(DecodedEvent event, TableName table) throws SQLException {
    if (analyzes) {
      applier().analyzeStages(table);
    }
    if (inBulk) {
      applier().applyInBulk(event, table);
    } else {
      applier().apply(event, table);
    }
  }

  @Override
  public void truncate(Event event) throws SQLException {
    if (tableMode.equals(LoadPreset.IGNORE) || context().flag(IgnoreTruncate.NAME)) {
      return;
    }
    if (!tableMode.equals(LoadPreset.PART)) {
      applier().truncate(event, target);
      return;
    }
    for (TableName table : PartitionedParent.tablesWithRows(batch().connection(), target)) {
      applier().truncate(event, table);
    }
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return filter == null ? Optional.of(event.readable()) : filter.passOn(event);
  }

  static final class Factory implements TableHandlerFactory {
    private final HandlerDescription description;

    Factory(LoadPreset preset) {
      this.description =
          HandlerDescription.of(
              preset.name(), preset.summary(), preset.text(), LoadArguments.of(preset));
    }

    @Override
    public HandlerDescription description() {
      return description;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return EncodingRepair.around(new LoadHandler(context), context);
    }

    @Override
    public void check(Map<String, String> arguments) {
      LoadArguments.check(description, arguments);
    }

    /** The time of events is read only if it selects the partition. */
    @Override
    public boolean readsWholeEvents(Map<String, String> arguments) {
      return PartMode.EVENT_TIME
              .value()
              .equals(description.value(arguments, LoadArguments.PART_MODE))
          && hasPartitions(arguments);
    }

    @Override
    public boolean keepsRows(Map<String, String> arguments) {
      return LoadArguments.keepRows(description, arguments);
    }

    @Override
    public boolean hasPartitions(Map<String, String> arguments) {
      return LoadPreset.PART.equals(description.value(arguments, LoadArguments.TABLE_MODE));
    }

    @Override
    public Optional<TableName> destination(Map<String, String> arguments) {
      return LoadArguments.table(arguments);
    }
  }
}

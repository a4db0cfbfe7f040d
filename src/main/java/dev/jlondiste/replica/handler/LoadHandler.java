package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.EventFormat;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Loads rows into the local table: {@code bulk}, {@code direct} and {@code bulk_direct}. Bulk means
 * the net effect of many changes in few statements, which the applier writes for other tables as
 * well unless {@code apply_sets = 0}; arguments determine what a change becomes.
 */
final class LoadHandler extends RowHandler {
  private static final String METHOD = "method";
  private static final String LOAD_MODE = "load_mode";
  private static final String TABLE_MODE = "table_mode";
  private static final String ROW_MODE = "row_mode";
  private static final String EVENT_TYPES = "event_types";

  /** Updates are written as delete and insert. */
  private static final int REPLACE_UPDATED = 1;

  /** Inserts as well. */
  private static final int REPLACE_ALL = 2;

  /** There are only inserts. */
  private static final int ONLY_INSERTS = 3;

  private final boolean inBulk;
  private final int method;
  private final boolean isDropped;
  private final String rowMode;
  private final Set<String> eventTypes;
  private final @Nullable ShardFilter filter;

  private LoadHandler(HandlerContext context, Preset preset) {
    super(context);
    this.inBulk = preset == Preset.BULK || context.argument(LOAD_MODE).equals(Optional.of("bulk"));
    this.method = inBulk ? Integer.parseInt(context.argument(METHOD).orElse("0")) : 0;
    this.isDropped =
        preset != Preset.BULK && context.argument(TABLE_MODE).equals(Optional.of("ignore"));
    this.rowMode = preset == Preset.BULK ? "plain" : context.argument(ROW_MODE).orElse("plain");
    this.eventTypes =
        preset == Preset.BULK
            ? Set.of("I", "U", "D")
            : types(context.argument(EVENT_TYPES).orElse("I,U,D"));
    this.filter =
        preset != Preset.BULK
                && (context.argument(ShardFilter.HASH_KEY).isPresent()
                    || context.argument(ShardFilter.HASH_EXPRESSION).isPresent())
            ? new ShardFilter(context)
            : null;
  }

  private static Set<String> types(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
  }

  @Override
  public List<String> triggerArguments(Connection local, TriggerPlace place) throws SQLException {
    return filter == null ? List.of() : filter.triggerArguments(local, place);
  }

  @Override
  public Optional<String> copyCondition(Connection local) throws SQLException {
    return filter == null ? Optional.empty() : Optional.of(filter.condition(local));
  }

  @Override
  public void begin(HandlerBatch batch) throws SQLException {
    super.begin(batch);
    if (filter != null) {
      filter.begin(batch);
    }
  }

  @Override
  public void apply(DecodedEvent event) throws SQLException {
    Optional<DecodedEvent> change = filter == null ? Optional.of(event) : filter.applicable(event);
    if (!isDropped && change.isPresent() && eventTypes.contains(letter(change.get()))) {
      write(change.get());
    }
  }

  private static String letter(DecodedEvent event) {
    RowChange row = event.row();
    String operation =
        row != null
            ? row.operation().name()
            : format(event.event()).head(event.event().type()).action().name();
    return operation.substring(0, 1);
  }

  private static EventFormat format(Event event) {
    EventFormat format = EventFormat.of(event.type());
    if (format == null) {
      throw new IllegalStateException("event " + event.id() + " is no row change: " + event.type());
    }
    return format;
  }

  private void write(DecodedEvent event) throws SQLException {
    Optional<DecodedEvent> change =
        switch (letter(event)) {
          case "I" -> Optional.of(method == REPLACE_ALL ? replacing(event) : event);
          case "U" -> updated(event);
          default -> deleted(event);
        };
    if (change.isEmpty()) {
      return;
    }
    if (inBulk) {
      applier().applyInBulk(change.get(), destination());
    } else {
      applier().apply(change.get(), destination());
    }
  }

  private Optional<DecodedEvent> updated(DecodedEvent event) {
    if (rowMode.equals("keep_all")) {
      return Optional.of(
          method == REPLACE_ALL
              ? replacing(event)
              : event.withRow(row(event).as(RowChange.Operation.INSERT)));
    }
    refuse(event);
    return Optional.of(
        rowMode.equals("keep_latest") || method == REPLACE_UPDATED || method == REPLACE_ALL
            ? replacing(event)
            : event);
  }

  private Optional<DecodedEvent> deleted(DecodedEvent event) {
    if (rowMode.equals("keep_all")) {
      return Optional.empty();
    }
    refuse(event);
    return Optional.of(event);
  }

  private void refuse(DecodedEvent event) {
    if (method == ONLY_INSERTS) {
      throw new UserError(
          "event %d is not an insert, and method=3 is for inserts only"
              .formatted(event.event().id()),
          "choose another method: change-handler " + context().table());
    }
  }

  private static DecodedEvent replacing(DecodedEvent event) {
    return event.withRow(RowChange.replacing(row(event).row()));
  }

  private static RowChange row(DecodedEvent event) {
    RowChange row = event.row();
    if (row == null) {
      throw new IllegalStateException(
          "event %d of type '%s' has no columns: the trigger must not have the format Q"
              .formatted(event.event().id(), event.event().type()));
    }
    return row;
  }

  @Override
  public void truncate(Event event) throws SQLException {
    if (!isDropped) {
      super.truncate(event);
    }
  }

  @Override
  public Optional<Event> passOn(DecodedEvent event) throws SQLException {
    return filter == null ? Optional.of(event.readable()) : filter.passOn(event);
  }

  /** The handlers that differ in their arguments and defaults. */
  enum Preset {
    BULK,
    DIRECT,
    BULK_DIRECT
  }

  static final class Factory implements TableHandlerFactory {
    private static final String METHODS =
        "0: net effect of many changes; 1: updates are written as delete and insert; 2: inserts,"
            + " too, so that existing rows are replaced";

    private final Preset preset;
    private final HandlerDescription description;

    Factory(Preset preset) {
      this.preset = preset;
      this.description =
          switch (preset) {
            case BULK ->
                HandlerDescription.of(
                    "bulk",
                    "Writes the net effect of many changes in few statements.",
                    """
                    Rows are copied into the table, updates and deletes into a temporary table from
                    which one statement updates or deletes, also if apply_sets = 0 in the ini file.
                    Few changes are written one by one.\
                    """,
                    List.of(
                        HandlerArgument.choice(METHOD, List.of("0", "1", "2"), METHODS),
                        IgnoreTruncate.ARGUMENT));
            case DIRECT ->
                HandlerDescription.of(
                    "direct",
                    "Loads rows into the table itself, with options of what a change becomes.",
                    "Handler 'dispatch' of Londiste with table_mode=direct.",
                    arguments("direct", "bulk"));
            case BULK_DIRECT ->
                HandlerDescription.of(
                    "bulk_direct",
                    "Loads rows into the table itself in bulk.",
                    "Handler 'dispatch' of Londiste with table_mode=direct and load_mode=bulk.",
                    arguments("bulk", "direct"));
          };
    }

    private static List<HandlerArgument> arguments(String loadMode, String otherMode) {
      List<HandlerArgument> all = new ArrayList<>();
      all.add(
          HandlerArgument.choice(TABLE_MODE, List.of("direct", "ignore"), "ignore: apply nothing"));
      all.add(
          HandlerArgument.choice(
              LOAD_MODE,
              List.of(loadMode, otherMode),
              "direct: as for other tables; bulk: see handler 'bulk'"));
      all.add(
          HandlerArgument.choice(
              METHOD,
              List.of("0", "1", "2", "3"),
              "with load_mode=bulk. " + METHODS + "; 3: inserts only, others are errors"));
      all.add(
          HandlerArgument.choice(
              ROW_MODE,
              List.of("plain", "keep_all", "keep_latest"),
              "keep_all: updates become inserts, deletes are left out; keep_latest: updates become"
                  + " delete and insert"));
      all.add(
          HandlerArgument.of(
                  EVENT_TYPES, HandlerArgument.Type.TEXT, "apply only these: I, U, D in a list")
              .withDefault("I,U,D"));
      all.addAll(ShardFilter.ARGUMENTS);
      all.add(IgnoreTruncate.ARGUMENT);
      all.add(EncodingRepair.ARGUMENT);
      return all;
    }

    @Override
    public HandlerDescription description() {
      return description;
    }

    @Override
    public TableHandler create(HandlerContext context) {
      return preset == Preset.BULK
          ? new LoadHandler(context, preset)
          : EncodingRepair.around(new LoadHandler(context, preset), context);
    }

    @Override
    public void check(Map<String, String> arguments) {
      String types = arguments.get(EVENT_TYPES);
      if (types != null && !Set.of("I", "U", "D").containsAll(types(types))) {
        throw new UserError(
            "handler argument event_types is a list of I, U and D, not '" + types + "'", null);
      }
    }
  }
}

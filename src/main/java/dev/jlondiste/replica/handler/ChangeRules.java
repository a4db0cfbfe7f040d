package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.EventFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a change becomes before it is applied: arguments {@code event_types}, {@code row_mode} and
 * {@code method}.
 *
 * @param table its name in messages
 */
record ChangeRules(Set<String> eventTypes, String rowMode, int method, TableName table) {
  static final String METHOD = "method";
  static final String ROW_MODE = "row_mode";
  static final String EVENT_TYPES = "event_types";

  private static final Set<String> ALL_TYPES = Set.of("I", "U", "D");
  static final String PLAIN = "plain";
  private static final String KEEP_ALL = "keep_all";
  private static final String KEEP_LATEST = "keep_latest";

  /** Updates are written as delete and insert. */
  private static final int REPLACE_UPDATED = 1;

  /** Inserts as well. */
  private static final int REPLACE_ALL = 2;

  /** There are only inserts. */
  private static final int ONLY_INSERTS = 3;

  static HandlerArgument rowMode(String byDefault) {
    return HandlerArgument.choice(
            ROW_MODE,
            List.of(PLAIN, KEEP_ALL, KEEP_LATEST),
            "keep_all: updates become inserts, deletes are left out; keep_latest: updates become"
                + " delete and insert")
        .withDefault(byDefault);
  }

  static final HandlerArgument TYPES_ARGUMENT =
      HandlerArgument.of(
              EVENT_TYPES, HandlerArgument.Type.TEXT, "apply only these: I, U, D in a list")
          .withDefault("I,U,D");

  /** Every change as it is, except for {@code method}. */
  static ChangeRules ofMethod(HandlerContext context) {
    return new ChangeRules(ALL_TYPES, PLAIN, method(context), context.table());
  }

  /** {@code inBulk}: {@code method} applies. */
  static ChangeRules of(HandlerContext context, boolean inBulk) {
    return new ChangeRules(
        types(context.argument(EVENT_TYPES).orElse("I,U,D")),
        context.argument(ROW_MODE).orElse(PLAIN),
        inBulk ? method(context) : 0,
        context.table());
  }

  private static int method(HandlerContext context) {
    return Integer.parseInt(context.argument(METHOD).orElse("0"));
  }

  private static Set<String> types(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
  }

  /** Throws UserError if the list of event types is not valid. */
  static void check(Map<String, String> arguments) {
    String types = arguments.get(EVENT_TYPES);
    if (types != null && !ALL_TYPES.containsAll(types(types))) {
      throw new UserError(
          "handler argument event_types is a list of I, U and D, not '" + types + "'", null);
    }
  }

  /** The change to be written; empty if nothing is to be written. */
  Optional<DecodedEvent> apply(DecodedEvent event) {
    String letter = letter(event);
    if (!eventTypes.contains(letter)) {
      return Optional.empty();
    }
    return switch (letter) {
      case "I" -> Optional.of(method == REPLACE_ALL ? replacing(event) : event);
      case "U" -> Optional.of(updated(event));
      default -> deleted(event);
    };
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

  private DecodedEvent updated(DecodedEvent event) {
    if (rowMode.equals(KEEP_ALL)) {
      return method == REPLACE_ALL
          ? replacing(event)
          : event.withRow(row(event).as(RowChange.Operation.INSERT));
    }
    refuse(event);
    return rowMode.equals(KEEP_LATEST) || method == REPLACE_UPDATED || method == REPLACE_ALL
        ? replacing(event)
        : event;
  }

  private Optional<DecodedEvent> deleted(DecodedEvent event) {
    if (rowMode.equals(KEEP_ALL)) {
      return Optional.empty();
    }
    refuse(event);
    RowChange row = event.row();
    return Optional.of(row == null || keepsInserts() ? event : event.withRow(row.apart()));
  }

  /** True if the second half of a key update is applied as the INSERT that it is. */
  private boolean keepsInserts() {
    return method != REPLACE_ALL && eventTypes.contains("I");
  }

  private void refuse(DecodedEvent event) {
    if (method == ONLY_INSERTS) {
      throw new UserError(
          "event %d is not an insert, and method=3 is for inserts only"
              .formatted(event.event().id()),
          "choose another method: change-handler " + table);
    }
  }

  private static DecodedEvent replacing(DecodedEvent event) {
    return event.withRow(RowChange.replacing(row(event).row()));
  }

  /**
   * The row of an event.
   *
   * @throws IllegalStateException if its format has no columns
   */
  static RowChange row(DecodedEvent event) {
    RowChange row = event.row();
    if (row == null) {
      throw new IllegalStateException(
          "event %d of type '%s' has no columns: the trigger must not have the format Q"
              .formatted(event.event().id(), event.event().type()));
    }
    return row;
  }
}

package dev.jlondiste.replica.handler;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table of which only some belong here. An UPDATE that moves a row into these is an
 * INSERT here, and one that moves it out is a DELETE.
 *
 * <p>An UPDATE has the new row. Whether the old row belonged here is determined from the old row,
 * which a trigger with the argument {@code backup} writes into {@code ev_extra2}, unless {@code
 * ev_extra3} already tells. It is only read if one of the columns that decide has changed. If these
 * columns belong to the primary key, no such UPDATE exists: compatible triggers refuse it, native
 * ones write a DELETE and an INSERT.
 *
 * <p>Used by one thread, for one batch.
 */
final class MovingRows {
  /** The argument of a trigger that adds old rows to the events of updates. */
  static final String BACKUP = "backup";

  private static final Pattern MOVED = Pattern.compile(",\\s*\"moved\"\\s*:\\s*true");

  private static final Pattern UPDATE = Pattern.compile("\"op\"\\s*:\\s*\"U(PDATE)?\"");

  /** Which rows belong here. */
  interface Membership {
    /** Those of the columns of a row that decide. */
    List<String> columns(List<String> names);

    /** Whether the row of an event belongs here. */
    boolean isHere(DecodedEvent event) throws SQLException;

    /**
     * True if both halves of a key update belong here, of which the event is the first one, a
     * DELETE.
     */
    default boolean hasBothHalves(DecodedEvent event) {
      return false;
    }

    /** Whether the old row of an UPDATE belonged here; empty if only the old row tells. */
    default Optional<Boolean> wasHere(DecodedEvent event) {
      return Optional.empty();
    }

    /** False if only subscribers can decide about old rows. */
    default boolean canDecide() throws SQLException {
      return true;
    }

    /** Whether the old row of an UPDATE belonged here. */
    boolean wasHere(RowChange before) throws SQLException;

    /** Called for an UPDATE without its old row. */
    default void withoutOldRow(DecodedEvent event, RowChange row) {}

    /** The field {@code ev_extra3} of an event with the old row of {@code event}. */
    default @Nullable String extra3OfOldRow(Event event) {
      return event.extra3();
    }
  }

  /** Where the row of an event belongs. */
  enum Place {
    HERE,
    ELSEWHERE,
    /** The UPDATE moves the row here. */
    ENTERING,
    /** The UPDATE moves the row away. */
    LEAVING
  }

  private final Membership membership;

  /** The event that {@link #place} belongs to. */
  private long placedEvent = -1;

  private Place place = Place.HERE;

  MovingRows(Membership membership) {
    this.membership = membership;
  }

  /** Where the row of an event belongs. */
  Place place(DecodedEvent decoded) throws SQLException {
    if (decoded.event().id() != placedEvent) {
      place = find(decoded);
      placedEvent = decoded.event().id();
    }
    return place;
  }

  private Place find(DecodedEvent decoded) throws SQLException {
    boolean isHere = membership.isHere(decoded);
    if (!isUpdate(decoded)) {
      return isHere ? Place.HERE : Place.ELSEWHERE;
    }
    Optional<Boolean> known = membership.wasHere(decoded);
    RowChange before = known.isPresent() ? null : changedOldRow(decoded);
    if (before != null && !membership.canDecide()) {
      return Place.HERE; // subscribers decide
    }
    boolean wasHere = before == null ? known.orElse(isHere) : membership.wasHere(before);
    if (wasHere == isHere) {
      return isHere ? Place.HERE : Place.ELSEWHERE;
    }
    return isHere ? Place.ENTERING : Place.LEAVING;
  }

  private static boolean isUpdate(DecodedEvent decoded) {
    RowChange row = decoded.row();
    return row != null && row.operation() == RowChange.Operation.UPDATE;
  }

  /** The old row of an UPDATE that has changed a column that decides; null for others. */
  @Nullable RowChange changedOldRow(DecodedEvent decoded) {
    RowChange row = decoded.row();
    if (row == null || !isUpdate(decoded)) {
      return null;
    }
    if (decoded.event().extra2() == null) {
      membership.withoutOldRow(decoded, row);
      return null;
    }
    if (isSurelyUnchanged(decoded.event(), row)) {
      return null;
    }
    Event old = decoded.event().withData(decoded.event().extra2());
    RowChange before = decoded.raw() ? RowChangeReader.readRaw(old) : RowChangeReader.read(old);
    if (!hasChanged(before, row)) {
      return null;
    }
    decoded.readable(); // bytes that this database cannot have
    return before;
  }

  /**
   * True if the old row has the values of these columns in the same encoding. Much cheaper than to
   * decode the old row.
   */
  private boolean isSurelyUnchanged(Event event, RowChange row) {
    if (row.shape().json()) {
      return false;
    }
    String before = "&" + event.extra2() + "&";
    for (String column : membership.columns(row.shape().columns())) {
      String value = value(row.row(), column);
      String pair =
          UrlEncoding.encode(column) + (value == null ? "" : "=" + UrlEncoding.encode(value));
      if (!before.contains("&" + pair + "&")) {
        return false;
      }
    }
    return true;
  }

  private boolean hasChanged(RowChange before, RowChange after) {
    for (String column : membership.columns(after.shape().columns())) {
      if (!Objects.equals(value(before.row(), column), value(after.row(), column))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String value(Row row, String column) {
    int position = row.shape().columns().indexOf(column);
    return position < 0 ? null : row.text(position);
  }

  /** The event with a row change that applies here; empty if the row is and was elsewhere. */
  Optional<DecodedEvent> applicable(DecodedEvent event) throws SQLException {
    RowChange row = event.row();
    return switch (place(event)) {
      case HERE ->
          Optional.of(
              row != null && row.isMoved() && !membership.hasBothHalves(event)
                  ? event.withRow(row.apart())
                  : event);
      case ELSEWHERE -> Optional.empty();
      case ENTERING ->
          Optional.of(event.withRow(Objects.requireNonNull(row).as(RowChange.Operation.INSERT)));
      case LEAVING ->
          Optional.of(event.withRow(Objects.requireNonNull(row).as(RowChange.Operation.DELETE)));
    };
  }

  /** The event as subscribers of this node need it; empty if the row is and was elsewhere. */
  Optional<Event> passOn(DecodedEvent decoded) throws SQLException {
    Event event = decoded.readable();
    if (event.isTruncate()) {
      return Optional.of(event);
    }
    return switch (place(decoded)) {
      case HERE -> Optional.of(membership.hasBothHalves(decoded) ? event : apart(event));
      case ELSEWHERE -> Optional.empty();
      case ENTERING -> Optional.of(changed(event, 'I', "INSERT", event.data(), event.extra3()));
      case LEAVING ->
          Optional.of(
              changed(event, 'D', "DELETE", event.extra2(), membership.extra3OfOldRow(event)));
    };
  }

  /**
   * A DELETE without the mark that it is half of a key update. The other half may be elsewhere, and
   * subscribers would wait for it.
   */
  private static Event apart(Event event) {
    String type = MOVED.matcher(event.type()).replaceFirst("");
    return type.equals(event.type())
        ? event
        : new Event(
            event.id(),
            event.time(),
            event.txid(),
            event.retry(),
            type,
            event.data(),
            event.extra1(),
            event.extra2(),
            event.extra3(),
            event.extra4());
  }

  private static Event changed(
      Event event, char letter, String word, @Nullable String data, @Nullable String extra3) {
    String type =
        event.type().startsWith("{")
            ? UPDATE.matcher(event.type()).replaceFirst("\"op\":\"" + word + "\"")
            : letter + event.type().substring(1);
    return new Event(
        event.id(),
        event.time(),
        event.txid(),
        event.retry(),
        type,
        data,
        event.extra1(),
        null,
        extra3,
        event.extra4());
  }
}

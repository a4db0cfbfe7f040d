package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Divides the events of tables into the smallest units that can be applied or skipped: one event;
 * the updates of keys of one transaction in one table that follow each other; truncates that follow
 * each other. Used by one thread, for one batch.
 *
 * <p>A key update is a DELETE that is marked and an INSERT. Events of other transactions may come
 * between the two. They cannot depend on the rows that the transaction has locked, so they are
 * applied first.
 */
final class EventUnits {
  /** Receives units that are complete, with their events in order. */
  @FunctionalInterface
  interface Receiver {
    void accept(List<TableEvent> unit) throws SQLException;
  }

  /** The key updates of a transaction in a table. */
  private record Place(TableName table, long txid) {
    static Place of(TableEvent event) {
      return new Place(event.table().name(), event.decoded().event().txid());
    }
  }

  /** Events of a unit that is not passed on yet. */
  private static final class Unit {
    private final List<TableEvent> events = new ArrayList<>();

    /** The number of old rows whose new row has not arrived. */
    private int missing;

    void add(TableEvent event) {
      events.add(event);
      missing += event.isMoved() ? 1 : event.isTruncate() ? 0 : -1;
    }
  }

  private final Receiver receiver;

  /** Key updates some of whose new rows have not arrived. */
  private final Map<Place, Unit> incomplete = new LinkedHashMap<>();

  /** A unit that is complete if the next event does not belong to it; null without one. */
  private @Nullable Unit open;

  /** The place of the key updates of {@link #open}; null if it has truncates. */
  private @Nullable Place openPlace;

  EventUnits(Receiver receiver) {
    this.receiver = receiver;
  }

  /** Adds the next event. */
  void add(TableEvent event) throws SQLException {
    Place place = event.isTruncate() ? null : Place.of(event);
    if (event.isTruncate() || event.isMoved()) {
      addToUnit(event, place);
    } else if (event.isInsert() && incomplete.containsKey(place)) {
      addToUnit(event, place);
    } else {
      close();
      receiver.accept(List.of(event));
    }
  }

  private void addToUnit(TableEvent event, @Nullable Place place) throws SQLException {
    Unit unit = place == null ? null : incomplete.remove(place);
    if (unit == null && open != null && Objects.equals(place, openPlace)) {
      unit = open;
      open = null;
    }
    close();
    if (unit == null) {
      unit = new Unit();
    }
    unit.add(event);
    if (place != null && unit.missing > 0) {
      incomplete.put(place, unit);
    } else {
      open = unit;
      openPlace = place;
    }
  }

  /** Completes the open unit, before an event that is not of a table. */
  void close() throws SQLException {
    Unit unit = open;
    open = null;
    if (unit != null) {
      receiver.accept(unit.events);
    }
  }

  /** Completes all units, after the last event. */
  void finish() throws SQLException {
    close();
    List<Unit> units = List.copyOf(incomplete.values());
    incomplete.clear();
    for (Unit unit : units) {
      receiver.accept(unit.events);
    }
  }
}

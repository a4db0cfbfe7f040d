package dev.jlondiste.replica;

import dev.jlondiste.pgq.BadEvent;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows that events change, identified by the texts of their keys in the events. */
final class RowKeys {
  private RowKeys() {}

  /**
   * The key of an event's row.
   *
   * @param values the values of the key's columns; empty for an INSERT into a table without key,
   *     whose order does not matter
   */
  record RowKey(List<@Nullable String> values) {
    boolean identifiesRow() {
      return !values.isEmpty();
    }
  }

  /** Returns the key; empty if the event does not have it, or changes many rows. */
  static Optional<RowKey> of(DecodedEvent event) {
    RowChange row = event.row();
    return row == null ? of(event.event()) : of(row);
  }

  /** As above, for an event whose row is not decoded. */
  static Optional<RowKey> of(Event event) {
    if (!event.hasColumns() || event.isPartitionDeletion()) {
      return Optional.empty();
    }
    try {
      return of(RowChangeReader.read(event));
    } catch (BadEvent e) {
      return Optional.empty();
    }
  }

  private static Optional<RowKey> of(RowChange row) {
    List<@Nullable String> values = new ArrayList<>();
    for (int position : row.shape().keyPositions()) {
      if (position < 0) {
        return Optional.empty();
      }
      values.add(row.value(position));
    }
    return values.isEmpty() && row.operation() != RowChange.Operation.INSERT
        ? Optional.empty()
        : Optional.of(new RowKey(values));
  }
}

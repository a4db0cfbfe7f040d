package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * An event as it comes out of a stream, with its row where it has one.
 *
 * @param event its data may have been left out when {@code row} has it
 * @param row null when the event is no row change, or cannot be read as one: then {@link
 *     RowChangeReader} says why
 */
public record Arrival(Event event, @Nullable RowChange row) {
  /** About what it takes of the heap. */
  public long bytes() {
    String data = event.data();
    return 300 + (data == null ? 0 : data.length()) + (row == null ? 0 : row.bytes());
  }
}

package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * An event as it comes out of a stream, with its row where it has one.
 *
 * @param event its data may have been left out when {@code row} has it
 * @param row null when the event is no row change, or cannot be read as one: then {@link
 *     RowChangeReader} says why
 * @param raw its data and further texts are {@link dev.jlondiste.db.RawText}
 * @param problem why the event must not be used; null if it can be
 */
public record DecodedEvent(
    Event event, @Nullable RowChange row, boolean raw, @Nullable String problem) {
  public DecodedEvent(Event event, @Nullable RowChange row) {
    this(event, row, false, null);
  }

  /**
   * The event, for a receiver that does something with it.
   *
   * @throws BadEvent if its texts cannot be carried over as they are
   */
  public Event readable() {
    if (problem != null) {
      throw new BadEvent(event, problem);
    }
    return event;
  }

  /** About what it takes of the heap. */
  public long bytes() {
    String data = event.data();
    return 300 + (data == null ? 0 : data.length()) + (row == null ? 0 : row.bytes());
  }
}

package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * An event of a stream, with its decoded row if it has one.
 *
 * @param event its data may be null if {@code row} is present
 * @param row null if the event is not a row change or cannot be decoded; {@link RowChangeReader}
 *     then throws the reason
 * @param raw true if its data and its extra fields after the first are {@link
 *     dev.jlondiste.db.RawText}
 * @param problem why the event must not be applied; null if it can be applied
 */
public record DecodedEvent(
    Event event, @Nullable RowChange row, boolean raw, @Nullable String problem) {
  public DecodedEvent(Event event, @Nullable RowChange row) {
    this(event, row, false, null);
  }

  /**
   * Returns the event.
   *
   * @throws BadEvent if {@link #problem} is set
   */
  public Event readable() {
    if (problem != null) {
      throw new BadEvent(event, problem);
    }
    return event;
  }

  /** Returns the same event with another row change. */
  public DecodedEvent withRow(RowChange other) {
    return new DecodedEvent(event, other, raw, problem);
  }

  /** Returns an estimate of its heap size in bytes. */
  public long bytes() {
    String data = event.data();
    return 300 + (data == null ? 0 : data.length()) + (row == null ? 0 : row.bytes());
  }
}

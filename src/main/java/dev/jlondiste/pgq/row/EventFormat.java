package dev.jlondiste.pgq.row;

import org.jspecify.annotations.Nullable;

/**
 * The format of a table's events: how the type encodes the operation and the data encodes the row.
 * To add a format, implement this interface and add a line to {@link #of}.
 */
public sealed interface EventFormat permits JsonFormat, UrlEncodedFormat, FragmentFormat {
  /** The operation on the table. */
  enum Action {
    /** A row was inserted. */
    INSERT,
    /** A row was updated. */
    UPDATE,
    /** A row was deleted. */
    DELETE,
    /** The table was truncated. */
    TRUNCATE
  }

  /** Returns the format of an event's type; null if it is not the event of a table. */
  static @Nullable EventFormat of(String type) {
    if (JsonFormat.recognizes(type)) {
      return JsonFormat.INSTANCE;
    }
    if (UrlEncodedFormat.recognizes(type)) {
      return UrlEncodedFormat.INSTANCE;
    }
    return FragmentFormat.recognizes(type) ? FragmentFormat.INSTANCE : null;
  }

  /** Whether data has the columns of a row. If not, {@link #row} fails. */
  boolean hasColumns();

  /** Whether a type of this format is a truncate. */
  boolean isTruncate(String type);

  /**
   * Parses an event's type of this format.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  EventHead head(String type);

  /**
   * Decodes the row of an event.
   *
   * @param cache cache of the table's row shapes
   * @param data the row is {@code length} bytes of UTF-8 from {@code start}; the returned row may
   *     keep a reference to the array
   * @throws IllegalArgumentException if it is not a row
   */
  Row row(EventHead head, RowCache cache, byte[] data, int start, int length);
}

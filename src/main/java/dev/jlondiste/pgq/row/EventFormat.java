package dev.jlondiste.pgq.row;

import org.jspecify.annotations.Nullable;

/**
 * How the events of a table are written: what their type says, and how their data carries the row.
 * The one place that recognizes a format, reads it and knows its truncates: another format is
 * another implementation, and a line in {@link #of}.
 */
public sealed interface EventFormat permits JsonFormat, UrlEncodedFormat, FragmentFormat {
  /** What was done to the table. */
  enum Action {
    /** The row is new. */
    INSERT,
    /** The row has changed. */
    UPDATE,
    /** The row is gone. */
    DELETE,
    /** All rows are gone. */
    TRUNCATE
  }

  /** The format that an event's type shows; null if it is not the event of a table. */
  static @Nullable EventFormat of(String type) {
    if (JsonFormat.recognizes(type)) {
      return JsonFormat.INSTANCE;
    }
    if (UrlEncodedFormat.recognizes(type)) {
      return UrlEncodedFormat.INSTANCE;
    }
    return FragmentFormat.recognizes(type) ? FragmentFormat.INSTANCE : null;
  }

  /** Whether data has the columns of a row: otherwise {@link #row} fails. */
  boolean hasColumns();

  /** Whether an event of this type, which is of this format, empties its table. */
  boolean isTruncate(String type);

  /**
   * Reads the type of an event of this format.
   *
   * @throws IllegalArgumentException if it is broken
   */
  EventHead head(String type);

  /**
   * Reads the row of an event.
   *
   * @param known what was seen of the table's rows before
   * @param data has the row in {@code length} bytes of UTF-8 from {@code start}; the row may keep
   *     it
   * @throws IllegalArgumentException if it is not a row
   */
  Row row(EventHead head, KnownRows known, byte[] data, int start, int length);
}

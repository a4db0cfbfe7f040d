package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values that stay in the bytes the server sent, in which only their places are marked: most go to
 * the target as they came, without ever being a string.
 */
final class JsonRow extends Row {
  /** What the virtual machine needs beside the bytes. */
  private static final int OVERHEAD_BYTES = 100;

  private static final int MARKS = 2;

  private final byte[] json;

  /** Start and end of each; the start of NULL is -1, the end of a text with escapes is negative. */
  private final int[] marks;

  private JsonRow(RowShape shape, byte[] json, int[] marks) {
    super(shape);
    this.json = json;
    this.marks = marks;
  }

  /** Collects the places of the values of one row. */
  static final class Builder {
    private final byte[] json;
    private int[] marks;
    private int size;

    /** {@code expected} values will come, or another number. */
    Builder(byte[] json, int expected) {
      this.json = json;
      this.marks = new int[MARKS * expected];
    }

    /** The value that the scanner comes to. */
    void take(JsonScanner scanner) {
      JsonScanner.Kind kind = scanner.passValue();
      if (MARKS * size == marks.length) {
        marks = Arrays.copyOf(marks, 2 * marks.length + MARKS * 8);
      }
      marks[MARKS * size] = kind == JsonScanner.Kind.NULL ? -1 : scanner.valueStart();
      marks[MARKS * size + 1] =
          kind == JsonScanner.Kind.ESCAPED ? -scanner.valueEnd() : scanner.valueEnd();
      size++;
    }

    int size() {
      return size;
    }

    JsonRow build(RowShape shape) {
      return new JsonRow(
          shape, json, MARKS * size == marks.length ? marks : Arrays.copyOf(marks, MARKS * size));
    }
  }

  @Override
  public @Nullable String text(int position) {
    int start = marks[MARKS * position];
    int end = marks[MARKS * position + 1];
    return start < 0
        ? null
        : JsonScanner.text(
            json,
            start,
            Math.abs(end),
            end < 0 ? JsonScanner.Kind.ESCAPED : JsonScanner.Kind.PLAIN);
  }

  @Override
  public @Nullable Long wholeNumber(int position) {
    int start = marks[MARKS * position];
    int end = marks[MARKS * position + 1];
    return isShortNumber(json, start, end)
        ? (Long) shortNumber(json, start, end)
        : super.wholeNumber(position);
  }

  /** A text without escapes has none of the characters that COPY wants to have escaped. */
  @Override
  public void copyTo(CopyRows rows, int position) throws SQLException {
    int start = marks[MARKS * position];
    int end = marks[MARKS * position + 1];
    if (start < 0) {
      rows.value(null);
    } else if (end >= 0) {
      rows.encodedValue(json, start, end - start);
    } else {
      JsonScanner.copyUnescaped(json, start, -end, rows.startValue());
    }
  }

  @Override
  public long bytes() {
    return OVERHEAD_BYTES + json.length + 4L * marks.length;
  }
}

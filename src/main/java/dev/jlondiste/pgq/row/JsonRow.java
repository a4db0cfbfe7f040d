package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row whose values stay in the bytes that the server sent; only their offsets are stored. Most
 * values are copied to the target without being decoded.
 */
final class JsonRow extends Row {
  /** Estimated heap size of the object without its arrays. */
  private static final int OVERHEAD_BYTES = 100;

  private static final int OFFSETS_PER_VALUE = 2;

  private final byte[] json;

  /**
   * Start and end offset of each value; the start of NULL is -1, the end of a text with escapes is
   * negated.
   */
  private final int[] offsets;

  private JsonRow(RowShape shape, byte[] json, int[] offsets) {
    super(shape);
    this.json = json;
    this.offsets = offsets;
  }

  /** Collects the offsets of the values of one row. */
  static final class Builder {
    private final byte[] json;
    private int[] offsets;
    private int size;

    /** {@code expected} is the likely number of values. */
    Builder(byte[] json, int expected) {
      this.json = json;
      this.offsets = new int[OFFSETS_PER_VALUE * expected];
    }

    /** Adds the value at the scanner's position. */
    void take(JsonScanner scanner) {
      JsonScanner.Kind kind = scanner.skipValue();
      if (OFFSETS_PER_VALUE * size == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length + OFFSETS_PER_VALUE * 8);
      }
      offsets[OFFSETS_PER_VALUE * size] = kind == JsonScanner.Kind.NULL ? -1 : scanner.valueStart();
      offsets[OFFSETS_PER_VALUE * size + 1] =
          kind == JsonScanner.Kind.ESCAPED ? -scanner.valueEnd() : scanner.valueEnd();
      size++;
    }

    int size() {
      return size;
    }

    JsonRow build(RowShape shape) {
      return new JsonRow(
          shape,
          json,
          OFFSETS_PER_VALUE * size == offsets.length
              ? offsets
              : Arrays.copyOf(offsets, OFFSETS_PER_VALUE * size));
    }
  }

  @Override
  public @Nullable String text(int position) {
    int start = offsets[OFFSETS_PER_VALUE * position];
    int end = offsets[OFFSETS_PER_VALUE * position + 1];
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
    int start = offsets[OFFSETS_PER_VALUE * position];
    int end = offsets[OFFSETS_PER_VALUE * position + 1];
    return isShortNumber(json, start, end)
        ? (Long) shortNumber(json, start, end)
        : super.wholeNumber(position);
  }

  /**
   * A text without escapes is copied as it is: it has no character that COPY requires to be
   * escaped.
   */
  @Override
  public void copyTo(CopyRows rows, int position) throws SQLException {
    int start = offsets[OFFSETS_PER_VALUE * position];
    int end = offsets[OFFSETS_PER_VALUE * position + 1];
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
    return OVERHEAD_BYTES + json.length + 4L * offsets.length;
  }
}

package dev.jlondiste.replica.apply;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.RowShape;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Values in the text format of {@code COPY}, as {@link CopyRows} writes it. */
final class EncodedRow extends Row {
  private final byte[] page;
  private final int start;
  private final int end;

  /** Where the scan is: values are mostly asked for in their order. */
  private int position;

  private int valueStart;
  private int valueEnd;

  /** From {@code start} to before {@code end}, the line's end included. */
  EncodedRow(RowShape shape, byte[] page, int start, int end) {
    super(shape);
    this.page = page;
    this.start = start;
    this.end = end;
    first();
  }

  private void first() {
    position = 0;
    valueStart = start;
    valueEnd = endOfValue();
  }

  private void find(int wanted) {
    if (wanted < position) {
      first();
    }
    while (position < wanted) {
      position++;
      valueStart = valueEnd + 1;
      valueEnd = endOfValue();
    }
    if (valueEnd >= end) {
      throw new IndexOutOfBoundsException("a row has no value " + wanted);
    }
  }

  private int endOfValue() {
    byte[] text = page;
    int last = end;
    int at = valueStart;
    while (at < last && text[at] != '\t' && text[at] != '\n') {
      at++;
    }
    return at;
  }

  private boolean isNull() {
    return valueEnd - valueStart == 2 && page[valueStart] == '\\' && page[valueStart + 1] == 'N';
  }

  @Override
  public @Nullable String text(int wanted) {
    find(wanted);
    return isNull() ? null : decode();
  }

  private String decode() {
    byte[] text = new byte[valueEnd - valueStart];
    int length = 0;
    for (int at = valueStart; at < valueEnd; at++) {
      text[length++] = page[at] == '\\' ? unescaped(page[++at]) : page[at];
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private static byte unescaped(byte letter) {
    return switch (letter) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> letter;
    };
  }

  @Override
  public @Nullable Long wholeNumber(int wanted) {
    find(wanted);
    return isShortNumber(page, valueStart, valueEnd)
        ? (Long) shortNumber(page, valueStart, valueEnd)
        : super.wholeNumber(wanted);
  }

  @Override
  public void copyTo(CopyRows rows, int wanted) throws SQLException {
    find(wanted);
    rows.encodedValue(page, valueStart, valueEnd - valueStart);
  }

  @Override
  public long bytes() {
    return (long) end - start;
  }
}

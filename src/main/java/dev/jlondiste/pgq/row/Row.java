package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.db.Quoting;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row: the names of its columns, and their values by position. */
public abstract class Row {
  /** So many digits are a number of 64 bits in any case. */
  private static final int SHORT_NUMBER = 18;

  private final RowShape shape;

  /** For subclasses, which have a value for each column of {@code shape}. */
  protected Row(RowShape shape) {
    this.shape = shape;
  }

  /** Names of key and columns. */
  public final RowShape shape() {
    return shape;
  }

  /** The output text; null is NULL. */
  public abstract @Nullable String text(int position);

  /** The number that the text is; null for NULL, and if it is not a whole number of 64 bits. */
  public @Nullable Long wholeNumber(int position) {
    String text = text(position);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** True for nothing but digits, of which there are not too many. */
  protected static boolean isShortNumber(byte[] text, int start, int end) {
    if (start < 0 || end <= start || end - start > SHORT_NUMBER) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** What those digits are. */
  protected static long shortNumber(byte[] text, int start, int end) {
    long number = 0;
    for (int i = start; i < end; i++) {
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  /** A value as it is written in SQL. */
  public String literal(int position) {
    return Quoting.literal(text(position));
  }

  /** True if texts are {@link dev.jlondiste.db.RawText}, which can be written by SQL only. */
  public boolean isRaw() {
    return false;
  }

  /** Writes a value as the next one of a row that is copied. */
  public abstract void copyTo(CopyRows rows, int position) throws SQLException;

  /** About what the values take of the heap. */
  public abstract long bytes();
}

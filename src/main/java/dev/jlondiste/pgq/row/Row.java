package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.db.Quoting;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row: the names of its columns and their values by position. */
public abstract class Row {
  /** Every number with this many digits fits into 64 bits. */
  private static final int MAX_SHORT_DIGITS = 18;

  private final RowShape shape;

  /** Creates a row; the subclass has a value for each column of {@code shape}. */
  protected Row(RowShape shape) {
    this.shape = shape;
  }

  /** The names of the key columns and of all columns. */
  public final RowShape shape() {
    return shape;
  }

  /** Returns the text of a value; null is NULL. */
  public abstract @Nullable String text(int position);

  /** Returns a value as a number; null if it is NULL or not an integer of at most 64 bits. */
  public @Nullable Long wholeNumber(int position) {
    String text = text(position);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** True if the text consists of 1 to 18 digits. */
  protected static boolean isShortNumber(byte[] text, int start, int end) {
    if (start < 0 || end <= start || end - start > MAX_SHORT_DIGITS) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Parses a text for which {@link #isShortNumber} is true. */
  protected static long shortNumber(byte[] text, int start, int end) {
    long number = 0;
    for (int i = start; i < end; i++) {
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  /** Returns the SQL literal of a value. */
  public String literal(int position) {
    return Quoting.literal(text(position));
  }

  /** True if texts are {@link dev.jlondiste.db.RawText}, which only SQL literals can represent. */
  public boolean isRaw() {
    return false;
  }

  /** Writes a value as the next one of a COPY row. */
  public abstract void copyTo(CopyRows rows, int position) throws SQLException;

  /** Returns an estimate of the heap size of the values in bytes. */
  public abstract long bytes();
}

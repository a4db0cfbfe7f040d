package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.db.Quoting;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The values of a row, by position. */
interface RowValues {
  /** So many digits are a number of 64 bits in any case. */
  int SHORT_NUMBER = 18;

  /** The output text; null is NULL. */
  @Nullable String text(int position);

  /** The number that the text is; null for NULL, and when it is no whole number of 64 bits. */
  default @Nullable Long wholeNumber(int position) {
    String text = text(position);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** True for nothing but digits, of which there are not too many. */
  static boolean isShortNumber(byte[] text, int start, int end) {
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
  static long shortNumber(byte[] text, int start, int end) {
    long number = 0;
    for (int i = start; i < end; i++) {
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  /** Written in SQL. */
  default String literal(int position) {
    return Quoting.literal(text(position));
  }

  /** True if texts are {@link dev.jlondiste.db.RawText}, which can be written by SQL only. */
  default boolean isRaw() {
    return false;
  }

  /** As the next value of a row that is copied. */
  void copyTo(CopyRows rows, int position) throws SQLException;

  /** About what they take of the heap. */
  long bytes();
}

package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyText;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The values of a row, by position. */
interface RowValues {
  int size();

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

  /** As the next value of a row that is copied. */
  void copyTo(CopyText copy, int position) throws SQLException;

  /** About what they take of the heap. */
  long bytes();
}

package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyText;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The values of a row, by position. */
interface RowValues {
  int size();

  /** The output text; null is NULL. */
  @Nullable String text(int position);

  /** As the next value of a row that is copied. */
  void copyTo(CopyText copy, int position) throws SQLException;

  /** About what they take of the heap. */
  long bytes();
}

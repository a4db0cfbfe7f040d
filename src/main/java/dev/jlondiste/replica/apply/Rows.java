package dev.jlondiste.replica.apply;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.pgq.RowChange;
import java.sql.SQLException;

/** Rows of one shape, to be written in bulk. */
interface Rows {
  int size();

  /** Writes the columns at these positions. */
  void copyTo(CopyRows into, int[] positions) throws SQLException;

  /** The rows sorted by the whole number at this position; as they are if a value is not one. */
  Rows inOrderOf(int position);

  /** A single row, which may be too large to be kept twice. */
  static Rows of(RowChange change) {
    return new Rows() {
      @Override
      public int size() {
        return 1;
      }

      @Override
      public void copyTo(CopyRows into, int[] positions) throws SQLException {
        for (int position : positions) {
          change.row().copyTo(into, position);
        }
        into.endRow();
      }

      @Override
      public Rows inOrderOf(int position) {
        return this;
      }
    };
  }
}

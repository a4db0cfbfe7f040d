package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row with decoded values. */
public final class TextRow extends Row {
  /** Estimated heap size of a value without its characters. */
  private static final int VALUE_BYTES = 56;

  private final List<@Nullable String> texts;

  /** Creates a row with these values; null is NULL. */
  public TextRow(RowShape shape, List<@Nullable String> texts) {
    super(shape);
    this.texts = texts;
  }

  @Override
  public @Nullable String text(int position) {
    return texts.get(position);
  }

  @Override
  public void copyTo(CopyRows rows, int position) throws SQLException {
    rows.value(texts.get(position));
  }

  @Override
  public long bytes() {
    return bytes(texts);
  }

  /** Returns an estimate of the heap size of the texts and their list. */
  static long bytes(List<@Nullable String> texts) {
    long bytes = 0;
    for (String text : texts) {
      bytes += VALUE_BYTES + (text == null ? 0 : text.length());
    }
    return bytes;
  }
}

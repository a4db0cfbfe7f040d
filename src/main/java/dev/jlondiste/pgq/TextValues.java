package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyRows;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as texts. */
final class TextValues implements RowValues {
  /** What the virtual machine needs for a value beside its characters. */
  private static final int VALUE_BYTES = 56;

  private final List<@Nullable String> texts;

  TextValues(List<@Nullable String> texts) {
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
    long bytes = 0;
    for (String text : texts) {
      bytes += VALUE_BYTES + (text == null ? 0 : text.length());
    }
    return bytes;
  }
}

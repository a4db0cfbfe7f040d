package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.db.RawText;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of a row that has bytes which are not UTF-8: {@link RawText}. */
final class RawValues implements RowValues {
  private final TextValues texts;

  RawValues(List<@Nullable String> texts) {
    this.texts = new TextValues(texts);
  }

  @Override
  public @Nullable String text(int position) {
    return texts.text(position);
  }

  @Override
  public String literal(int position) {
    String text = texts.text(position);
    return text == null ? "NULL" : RawText.literal(text);
  }

  @Override
  public boolean isRaw() {
    return true;
  }

  @Override
  public void copyTo(CopyRows rows, int position) throws SQLException {
    rows.value(texts.text(position), true);
  }

  @Override
  public long bytes() {
    return texts.bytes();
  }
}

package dev.jlondiste.pgq.row;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.db.RawText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row with bytes that are not UTF-8: its values are {@link RawText}. */
public final class RawRow extends Row {
  private final List<@Nullable String> texts;

  /** Creates a row with these values, which are {@link RawText}; null is NULL. */
  public RawRow(RowShape shape, List<@Nullable String> texts) {
    super(shape);
    this.texts = texts;
  }

  /** Returns the row with its texts as {@link RawText}. Names of columns must be UTF-8. */
  public static RawRow of(Row row) {
    RowShape shape = row.shape();
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      texts.add(row.text(i));
    }
    return new RawRow(
        new RowShape(
            shape.json(), shape.keys(), shape.columns().stream().map(RawText::decode).toList()),
        texts);
  }

  @Override
  public @Nullable String text(int position) {
    return texts.get(position);
  }

  @Override
  public String literal(int position) {
    String text = texts.get(position);
    return text == null ? "NULL" : RawText.literal(text);
  }

  @Override
  public boolean isRaw() {
    return true;
  }

  @Override
  public void copyTo(CopyRows rows, int position) throws SQLException {
    rows.value(texts.get(position), true);
  }

  @Override
  public long bytes() {
    return TextRow.bytes(texts);
  }
}

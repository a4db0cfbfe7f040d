package dev.jlondiste.pgq.row;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The format of {@code pgq.logutriga}: the type is the operation and the key columns, such as
 * {@code I:id}; the data has {@link UrlEncoding}.
 */
final class UrlEncodedFormat implements EventFormat {
  static final UrlEncodedFormat INSTANCE = new UrlEncodedFormat();

  private UrlEncodedFormat() {}

  static boolean recognizes(String type) {
    return type.length() >= 2 && type.charAt(1) == ':' && "IUD".indexOf(type.charAt(0)) >= 0;
  }

  @Override
  public boolean hasColumns() {
    return true;
  }

  @Override
  public boolean isTruncate(String type) {
    return false;
  }

  @Override
  public EventHead head(String type) {
    String keys = type.substring(2);
    return new EventHead(
        this, EventHead.action(type), false, keys.isEmpty() ? List.of() : List.of(keys.split(",")));
  }

  @Override
  public Row row(EventHead head, RowCache cache, byte[] data, int start, int length) {
    String text = new String(data, start, length, StandardCharsets.UTF_8);
    try {
      return row(head, cache, UrlEncoding.decodeRow(text));
    } catch (UrlEncoding.NotUtf8 e) {
      return RawRow.of(row(head, cache, UrlEncoding.decodeRow(text, StandardCharsets.ISO_8859_1)));
    }
  }

  private static Row row(EventHead head, RowCache cache, Map<String, @Nullable String> row) {
    return new TextRow(
        cache.shape(false, head.keys(), List.copyOf(row.keySet())), new ArrayList<>(row.values()));
  }
}

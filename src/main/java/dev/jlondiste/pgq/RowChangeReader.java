package dev.jlondiste.pgq;

import java.nio.charset.StandardCharsets;

/**
 * Decodes row changes of {@code pgq.logutriga} and {@code pgq.jsontriga}. The SQL fragments of
 * {@code pgq.sqltriga} cannot be decoded into columns.
 */
public final class RowChangeReader {
  private RowChangeReader() {}

  /**
   * Decodes a row change.
   *
   * @param event a row change with a key list in its type ({@code I:id}) or jsontriga's
   * @throws BadEvent if it cannot be decoded: not a row change, an SQL fragment, invalid data
   */
  public static RowChange read(Event event) {
    try {
      byte[] data = event.requiredData().getBytes(StandardCharsets.UTF_8);
      return new RowDecoder().decode(event.type(), "", data, 0, data.length);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new BadEvent(event, e);
    }
  }

  /**
   * As {@link #read}, for an event whose data is {@link dev.jlondiste.db.RawText}.
   *
   * @throws BadEvent if it cannot be decoded
   */
  public static RowChange readRaw(Event event) {
    return RowDecoder.raw(read(event));
  }
}

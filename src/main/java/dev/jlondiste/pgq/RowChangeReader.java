package dev.jlondiste.pgq;

import java.nio.charset.StandardCharsets;

/**
 * Reads the rows that {@code pgq.logutriga} and {@code pgq.jsontriga} write. The third format,
 * {@code pgq.sqltriga}'s SQL fragments, needs no reading.
 */
public final class RowChangeReader {
  private RowChangeReader() {}

  /**
   * What was done to which row.
   *
   * @param event a row change with a key list in its type ({@code I:id}) or jsontriga's
   * @throws BadEvent when it cannot be read: no row change, an SQL fragment, broken data
   */
  public static RowChange read(Event event) {
    try {
      byte[] data = event.requiredData().getBytes(StandardCharsets.UTF_8);
      return new RowDecoder().decode(event.type(), "", data, 0, data.length);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new BadEvent(event, e);
    }
  }
}

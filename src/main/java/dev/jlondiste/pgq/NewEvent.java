package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * An event to insert into a queue.
 *
 * @param type by which consumers distinguish events; the prefixes {@code I:}, {@code U:}, {@code
 *     D:}, {@code pgq.} and {@code londiste.} are reserved
 * @param data content of the event, in any format that the consumers know
 */
public record NewEvent(
    String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {

  /** Returns an event without extra fields. */
  public static NewEvent of(String type, @Nullable String data) {
    return new NewEvent(type, data, null, null, null, null);
  }
}

package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * An event that is to be put on a queue.
 *
 * @param type what consumers tell events apart by; {@code I:}, {@code U:}, {@code D:}, {@code pgq.}
 *     and {@code londiste.} have a meaning of their own
 * @param data what the event says, in any form the consumers understand
 */
public record NewEvent(
    String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {

  /** An event without extra fields. */
  public static NewEvent of(String type, @Nullable String data) {
    return new NewEvent(type, data, null, null, null, null);
  }
}

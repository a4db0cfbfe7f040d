package dev.jlondiste.replica.apply;

import dev.jlondiste.config.NodeSettings;

/**
 * How much is written at once.
 *
 * @param careful send statements one by one, so that a failure names its event
 * @param sets write the net effect of many changes, instead of each change
 * @param smallBuffer a buffer of at most this many changes is written one by one, unless it has
 *     {@link #MIN_COPY_BYTES}
 * @param minRows from this many rows of a table on, they are written in bulk
 * @param statements per round trip, where changes are written one by one
 * @param bytes of heap that buffered changes may take
 */
record ApplyLimits(
    boolean careful, boolean sets, int smallBuffer, int minRows, int statements, long bytes) {
  /** So few changes are written one by one as fast. */
  private static final int SMALL_BUFFER = 100;

  /** From this many rows on, bulk is worth its round trips. */
  private static final int MIN_ROWS = 50;

  /** From this size on, rows are copied rather than written as SQL, however few they are. */
  static final long MIN_COPY_BYTES = 1 << 18;

  /** True if {@code buffer} can as well be written one by one. */
  boolean isSmall(ChangeBuffer buffer) {
    return buffer.size() <= smallBuffer && buffer.bytes() < MIN_COPY_BYTES;
  }

  static ApplyLimits of(NodeSettings settings, boolean careful) {
    return new ApplyLimits(
        careful,
        settings.applySets() && !careful,
        SMALL_BUFFER,
        MIN_ROWS,
        careful ? 1 : settings.applyBatchStatements(),
        settings.applyBatchBytes());
  }
}

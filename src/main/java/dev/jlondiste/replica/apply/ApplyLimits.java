package dev.jlondiste.replica.apply;

import dev.jlondiste.config.NodeSettings;

/**
 * How much is written at once.
 *
 * @param careful send statements one by one, so that a failure names its event
 * @param sets write what many changes come to, instead of each
 * @param few up to so many changes, unless they are large, are played one by one
 * @param rows from so many rows of a table on, they are written as a set
 * @param statements per round trip, where they are played
 * @param bytes of heap that changes may take while they wait
 */
record ApplyLimits(boolean careful, boolean sets, int few, int rows, int statements, long bytes) {
  /** So few are as fast one by one. */
  private static final int FEW = 100;

  /** From so many rows on, a set is worth its round trips. */
  private static final int ROWS = 50;

  /** So much is better copied than written as SQL, however few rows it has. */
  static final long MUCH_BYTES = 1 << 18;

  /** What may as well be played one by one. */
  boolean isLittle(ChangeBuffer segment) {
    return segment.size() <= few && segment.bytes() < MUCH_BYTES;
  }

  static ApplyLimits of(NodeSettings settings, boolean careful) {
    return new ApplyLimits(
        careful,
        settings.applySets() && !careful,
        FEW,
        ROWS,
        careful ? 1 : settings.applyBatchStatements(),
        settings.applyBatchBytes());
  }
}

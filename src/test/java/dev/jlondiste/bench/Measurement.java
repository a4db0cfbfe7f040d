package dev.jlondiste.bench;

import java.util.Map;

/**
 * One figure of one cell.
 *
 * @param value NaN when there is none, see {@code verdict}
 * @param usage of all that the figure comes from; two figures of a cell may share it
 * @param peakHeap bytes; 0: no JVM took part
 * @param note what else there is to know; or why there is no value
 */
record Measurement(
    String workload,
    String figure,
    Unit unit,
    Kind contender,
    int round,
    Verdict verdict,
    double value,
    Map<Part, Usage> usage,
    long peakHeap,
    String note) {

  enum Verdict {
    /** Source and target, or all that was recorded, were compared and are equal. */
    EQUAL,
    /** They are not: the value does not count. */
    WRONG,
    /** It came to no end. */
    FAILED
  }

  boolean counts() {
    return verdict == Verdict.EQUAL;
  }
}

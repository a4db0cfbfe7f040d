package dev.jlondiste.bench;

import java.util.Map;

/**
 * One figure of one cell.
 *
 * @param value NaN if there is none, see {@code verdict}
 * @param usage CPU and memory during the measured step; several figures of a cell can share it
 * @param peakHeap in bytes; 0 if no JVM was involved
 * @param note additional information, or the reason why there is no value
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
    /** Source and target, or the recorded changes, were compared and are equal. */
    EQUAL,
    /** They differ: the value is invalid. */
    WRONG,
    /** The workload failed. */
    FAILED
  }

  boolean counts() {
    return verdict == Verdict.EQUAL;
  }
}

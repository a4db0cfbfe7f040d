package dev.jlondiste.admin.compare;

import dev.jlondiste.db.TableName;
import java.time.Duration;

/**
 * The stored result of the last comparison of a table.
 *
 * @param source the node of the other side
 * @param tick both sides had at least this tick
 * @param rowsOnly true if only the numbers of rows were compared
 * @param sourceResult the result on the other side, as printed
 * @param localResult the result here, as printed
 * @param age the time since the comparison, by the clock of the node's database
 */
public record ComparisonRecord(
    TableName table,
    String source,
    long tick,
    boolean equal,
    boolean rowsOnly,
    String sourceResult,
    String localResult,
    Duration age) {
  /** The result of a comparison row by row that has just ended. */
  static ComparisonRecord of(
      TableName table,
      String source,
      long tick,
      DifferenceSearch.Compared rows,
      DifferenceReport differences) {
    return new ComparisonRecord(
        table,
        source,
        tick,
        differences.isEmpty(),
        false,
        rows.source().toString(),
        rows.local().toString(),
        Duration.ZERO);
  }

  /** What {@code status} says of a table that differed. */
  public String describe() {
    return "%s: differed from that of node '%s' when last compared; 'repair' mends it"
        .formatted(table, source);
  }
}

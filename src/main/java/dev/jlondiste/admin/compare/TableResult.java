package dev.jlondiste.admin.compare;

import dev.jlondiste.db.TableName;
import java.util.Optional;

/**
 * The result of the comparison of one table.
 *
 * @param reason why the table was skipped; empty otherwise
 * @param record the result as it is stored; empty if the table was skipped
 * @param differences empty unless rows were searched
 */
public record TableResult(
    TableName table,
    Outcome outcome,
    Optional<String> reason,
    Optional<ComparisonRecord> record,
    Optional<DifferenceReport> differences) {
  /** How it ended. */
  public enum Outcome {
    EQUAL,
    DIFFERENT,
    /** It could not be compared. */
    SKIPPED
  }

  static TableResult skipped(TableName table, String reason) {
    return new TableResult(
        table, Outcome.SKIPPED, Optional.of(reason), Optional.empty(), Optional.empty());
  }

  static TableResult of(ComparisonRecord record, Optional<DifferenceReport> differences) {
    return new TableResult(
        record.table(),
        record.equal() ? Outcome.EQUAL : Outcome.DIFFERENT,
        Optional.empty(),
        Optional.of(record),
        differences);
  }
}

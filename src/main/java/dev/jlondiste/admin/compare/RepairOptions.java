package dev.jlondiste.admin.compare;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Options of a repair.
 *
 * @param mode what is done with the differences
 * @param directory where files are written
 * @param where only rows that fulfil this SQL condition; empty for all rows
 * @param limit how many rows {@link Mode#REPORT} names for each table, at most
 */
public record RepairOptions(
    Mode mode, Path directory, Optional<String> where, int limit, SearchOptions search) {
  /** What is done with the differences. */
  public enum Mode {
    /** They are counted, and the first ones are named. */
    REPORT,
    /** Statements that remove them are written to a file for each table. */
    WRITE,
    /** They are removed. */
    APPLY
  }
}

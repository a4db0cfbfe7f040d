package dev.jlondiste.cli;

import dev.jlondiste.admin.compare.SearchOptions;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code compare} and {@code repair} search for rows that differ. */
final class SearchedRows {
  @Option(names = "--force", description = "wait for a lagging worker, without limit")
  private boolean force;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "1",
      description = "read so many chunks of a table at once")
  private int parallel = 1;

  @Option(
      names = "--chunk-rows",
      paramLabel = "N",
      description =
          "read tables in chunks of so many rows, each in a snapshot of its own; default: 500000,"
              + " and in one piece if rows are not stored in the order of their key")
  private @Nullable Long chunkRows;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "name at most so many rows of each table")
  private int limit = 10;

  int limit() {
    require(limit, 0, "--limit");
    return limit;
  }

  SearchOptions options() {
    require(parallel, 1, "--parallel");
    if (chunkRows == null) {
      return new SearchOptions(OptionalLong.empty(), parallel, true, force);
    }
    require(chunkRows, 1, "--chunk-rows");
    return new SearchOptions(OptionalLong.of(chunkRows), parallel, true, force);
  }

  private static void require(long value, long min, String option) {
    if (value < min) {
      throw new UsageError(option + "=" + value + ": must be at least " + min);
    }
  }
}

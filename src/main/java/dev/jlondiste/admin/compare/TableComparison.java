package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The comparison of a table in steps of one range each. Nothing is locked, and a worker that lags
 * is waited for between steps. The result is stored at the end. Used by one thread.
 */
final class TableComparison {
  private static final long CHUNK_ROWS = 10_000;
  private static final int NAMED = 10;
  private static final SearchOptions OPTIONS =
      new SearchOptions(OptionalLong.of(CHUNK_ROWS), 1, false, false);

  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final TableChunks chunks;
  private final DifferenceReport differences;
  private final long tick;
  private DifferenceSearch.Compared compared = DifferenceSearch.Compared.NOTHING;
  private long required;
  private boolean isFinished;

  private TableComparison(Cascade cascade, TableSource source, ComparedTable table, long tick) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.chunks = new TableChunks(cascade, source, table, CHUNK_ROWS);
    this.differences = new DifferenceReport(table, NAMED);
    this.tick = tick;
    this.required = tick;
  }

  /** Throws {@link NotComparable} if the table cannot be compared row by row. */
  static TableComparison begin(Cascade cascade, TableInfo info) throws SQLException {
    try {
      ComparisonSources sources = new ComparisonSources(cascade);
      TableSource source = sources.quietly(info);
      ComparedTable table =
          sources
              .basis(info, source)
              .byKey()
              .orElseThrow(
                  () -> new NotComparable("it has no primary key that its source has as well"));
      return new TableComparison(cascade, source, table, lastTick(cascade, source));
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private static SQLException explained(SQLException e) {
    if (SqlFaults.isTransient(e)) {
      return e;
    }
    throw new NotComparable(String.valueOf(e.getMessage()), e);
  }

  private static long lastTick(Cascade cascade, TableSource source) throws SQLException {
    return source.database().call(db -> PgqFunctions.lastTick(db, cascade.queue())).orElse(0);
  }

  TableName name() {
    return table.name();
  }

  /**
   * What a step has read.
   *
   * @param rows the rows of this node
   * @param reading how long the servers were busy with all rows of the range
   */
  record Step(long rows, Duration reading) {
    static final Step NOTHING = new Step(0, Duration.ZERO);
  }

  /**
   * Compares the next range. Does nothing while the worker has not completed what was the last tick
   * of the source at the step before.
   */
  Step step() throws SQLException, InterruptedException {
    if (isBehind()) {
      return Step.NOTHING;
    }
    Optional<KeyRange> range = chunks.next();
    if (range.isEmpty()) {
      store();
      isFinished = true;
      return Step.NOTHING;
    }
    try (BothSides sides = new BothSides()) {
      ChunkSearch chunk = new ChunkSearch(cascade, source, table.in(range.get()), sides, OPTIONS);
      ChunkSearch.Found found = chunk.search(CHUNK_ROWS, (rows, at) -> differences.add(rows));
      compared = compared.plus(new DifferenceSearch.Compared(found.source(), found.local()));
      return new Step(found.local().rows(), found.reading());
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  private boolean isBehind() throws SQLException {
    long last = lastTick(cascade, source);
    String worker = cascade.node().worker();
    long completed =
        cascade
            .local()
            .call(db -> NodeFunctions.getConsumerState(db, cascade.queue(), worker))
            .completedTick();
    boolean isBehind = completed < required;
    required = isBehind ? required : last;
    return isBehind;
  }

  private void store() throws SQLException {
    ComparisonRecord result =
        ComparisonRecord.of(table.name(), source.node().name(), tick, compared, differences);
    cascade.local().run(db -> ComparisonRecords.store(db, cascade.queue(), result));
  }

  /** True if the whole table was compared, and the result is stored. */
  boolean isFinished() {
    return isFinished;
  }

  DifferenceReport differences() {
    return differences;
  }
}

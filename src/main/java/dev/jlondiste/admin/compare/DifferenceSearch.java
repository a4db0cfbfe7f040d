package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Finds the rows of a table that differ while both sides go on changing. A large table is read in
 * ranges, each in short snapshots of its own, several at once.
 */
final class DifferenceSearch {
  /** About a second's work for a server. */
  private static final long DEFAULT_CHUNK_ROWS = 500_000;

  /** Below it, a range of keys is spread over so many pages that reading the whole is faster. */
  private static final double MIN_CORRELATION = 0.5;

  private static final String ESTIMATE =
      """
      with recursive tree (oid) as (
        select to_regclass(?)::oid
        union all
        select i.inhrelid
          from tree t
          join pg_catalog.pg_class c on c.oid = t.oid and c.relkind = 'p'
          join pg_catalog.pg_inherits i on i.inhparent = t.oid)
      select coalesce(sum(case when c.relpages > 0 and c.reltuples > 0
                               then c.reltuples / c.relpages
                               else 50 end
                          * pg_catalog.pg_relation_size(c.oid)
                          / pg_catalog.current_setting('block_size')::float8), 0)::bigint
        from tree t
        join pg_catalog.pg_class c on c.oid = t.oid
       where c.relkind <> 'p'
      """;
  private static final String CORRELATION =
      """
      select coalesce(abs(max(s.correlation)), 1)
        from pg_catalog.pg_stats s
       where s.schemaname = ? and s.tablename = ? and s.attname = ? and not s.inherited
      """;

  private final Cascade cascade;
  private final TableSource source;
  private final ComparedTable table;
  private final SearchOptions options;

  /** {@link SearchOptions#parallel} threads use the cascade, but none of them changes it. */
  DifferenceSearch(
      Cascade cascade, TableSource source, ComparedTable table, SearchOptions options) {
    this.cascade = cascade;
    this.source = source;
    this.table = table;
    this.options = options;
  }

  /** Takes each difference once. It is not called by two threads at once. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes some differences.
     *
     * @param tick the tick that the local rows have
     * @return the keys of those that it did not take, to be read again
     */
    List<RowKey> accept(List<Difference> differences, long tick)
        throws SQLException, InterruptedException;
  }

  /** Follows a search. Called by several threads. */
  @FunctionalInterface
  interface Progress {
    /**
     * A range was searched.
     *
     * @param read the local rows of the range
     * @param estimate about how many rows the table has
     */
    void searched(long read, long estimate) throws InterruptedException;
  }

  /** The rows that each side had when they were read. */
  record Compared(Totals source, Totals local) {
    static final Compared NOTHING = new Compared(Totals.NONE, Totals.NONE);

    Compared plus(Compared other) {
      return new Compared(source.plus(other.source), local.plus(other.local));
    }
  }

  /**
   * Passes the differences to the sink.
   *
   * @throws dev.jlondiste.fault.UserError if rows change too fast, or the worker is too slow
   */
  Compared search(Sink sink, Progress progress) throws SQLException, InterruptedException {
    cascade.node(); // is cached then, and threads only read it
    long estimate = cascade.local().call(this::estimate);
    long chunkRows = chunkRows(estimate);
    TableChunks chunks = new TableChunks(cascade, source, table, chunkRows);
    Sink oneByOne =
        (differences, tick) -> {
          synchronized (this) {
            return sink.accept(differences, tick);
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(options.parallel());
    try (BothSides sides = new BothSides()) {
      List<Future<Compared>> parts = new ArrayList<>();
      for (int i = 0; i < options.parallel(); i++) {
        parts.add(
            threads.submit(
                () -> searchRanges(chunks, chunkRows, estimate, sides, oneByOne, progress)));
      }
      Compared all = Compared.NOTHING;
      for (Future<Compared> part : parts) {
        all = all.plus(BothSides.result(part));
      }
      return all;
    } finally {
      chunks.end();
      threads.shutdownNow();
      threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }
  }

  private Compared searchRanges(
      TableChunks chunks,
      long chunkRows,
      long estimate,
      BothSides sides,
      Sink sink,
      Progress progress)
      throws SQLException, InterruptedException {
    Compared all = Compared.NOTHING;
    boolean isFinished = false;
    try {
      for (Optional<KeyRange> range = chunks.next(); range.isPresent(); range = chunks.next()) {
        ChunkSearch chunk = new ChunkSearch(cascade, source, table.in(range.get()), sides, options);
        ChunkSearch.Found found = chunk.search(chunkRows == 0 ? estimate : chunkRows, sink);
        all = all.plus(new Compared(found.source(), found.local()));
        progress.searched(found.local().rows(), estimate);
      }
      isFinished = true;
      return all;
    } finally {
      if (!isFinished) {
        chunks.end(); // the other threads shall not go on for long
      }
    }
  }

  /** Zero: all rows at once. */
  private long chunkRows(long estimate) throws SQLException {
    long rows = options.chunkRows().orElse(DEFAULT_CHUNK_ROWS);
    if (estimate <= rows || table.ordered() == 0) {
      return 0;
    }
    return options.chunkRows().isPresent()
            || cascade.local().call(this::correlation) >= MIN_CORRELATION
        ? rows
        : 0;
  }

  /** About how many local rows there are; of a table without statistics, by its size. */
  private long estimate(Connection local) throws SQLException {
    return Sql.one(local, ESTIMATE, row -> row.getLong(1), table.local().name().quoted());
  }

  /** How far the order of local rows is that of their keys, from 0 to 1. */
  private double correlation(Connection local) throws SQLException {
    return Sql.one(
        local,
        CORRELATION,
        row -> row.getDouble(1),
        table.local().name().schema(),
        table.local().name().name(),
        table.key().get(0).name());
  }
}

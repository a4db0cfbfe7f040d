package dev.jlondiste.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Backlogs of a large number or size of rows, or of many tables. */
final class LargeBacklogs {
  private static final int MD5 = 32;

  private LargeBacklogs() {}

  /** One transaction: 3 rows of 5 are inserted, 2 of them updated. */
  static Backlog batch(long events) {
    long rows = events * 3 / 5;
    return new SqlBacklog(
        "batch",
        List.of("public.bench_batch"),
        "create table public.bench_batch (id bigint primary key, n integer, what text)",
        """
        insert into public.bench_batch
        select i, 0, 'row ' || md5(i::text) from generate_series(1, %d) i;
        update public.bench_batch set n = 1 where id <= %d
        """
            .formatted(rows, events - rows),
        events);
  }

  /** One transaction: rows of the given size are inserted, and one of them is updated. */
  static Backlog rows(String name, int rows, long bytes) {
    return new SqlBacklog(
        name,
        List.of("public.bench_huge"),
        "create table public.bench_huge (id integer primary key, n integer, body text)",
        """
        insert into public.bench_huge
        select i, 0, (select string_agg(md5(i::text || k), '') from generate_series(1, %d) k)
          from generate_series(1, %d) i;
        update public.bench_huge set n = 1 where id = 1
        """
            .formatted(Math.max(1, bytes / MD5), rows),
        rows + 1);
  }

  /** Changes of all tables in turn, ten in each transaction. */
  static Backlog tables(int count, long events) {
    List<String> tables =
        IntStream.range(0, count).mapToObj(n -> "public.bench_table_" + n).toList();
    long transactions = Math.max(1, events / 10);
    return new SqlBacklog(
        "tables",
        tables,
        tables.stream()
            .map(table -> "create table " + table + " (id bigint primary key, what text)")
            .collect(Collectors.joining(";\n")),
        """
        do $$ begin
            for i in 0 .. %d loop
                for k in 0 .. 9 loop
                    execute format('insert into public.bench_table_%%s values ($1, ''new'')',
                        (i::bigint * 10 + k) %% %d) using i::bigint * 10 + k;
                end loop;
                commit;
            end loop;
        end $$
        """
            .formatted(transactions - 1, count),
        transactions * 10);
  }
}

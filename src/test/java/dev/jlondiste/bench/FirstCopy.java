package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures the initial copy of one big and eight smaller tables, with two secondary indexes each.
 */
record FirstCopy(long rows) implements Workload {
  private static final String BIG = "public.bench_big";
  private static final List<String> SMALL =
      IntStream.rangeClosed(1, 8).mapToObj(n -> "public.bench_part_" + n).toList();
  private static final List<String> TABLES = Stream.concat(Stream.of(BIG), SMALL.stream()).toList();

  @Override
  public String name() {
    return "first-copy";
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.COPY);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    CopyJob job =
        new CopyJob(
            TABLES,
            statements(
                """
                create table %1$s (
                    id bigint not null, owner integer not null, at timestamptz not null,
                    amount numeric(12, 2), name text);
                """),
            statements(
                """
                alter table %1$s add primary key (id);
                create index on %1$s (owner, at);
                create index on %1$s (name);
                """));
    stage.source().execute(job.create());
    fill(stage, BIG, rows);
    SMALL.forEach(table -> fill(stage, table, rows / 10));
    contender.prepareCopy(job);
    stage.source().execute("analyze; checkpoint");
    Measured measured = cell.measure(stage, () -> contender.copy(job));
    cell.figure("all tables", Unit.SECONDS, measured.seconds(), measured);
    cell.differences(Equality.differences(stage, TABLES));
  }

  private static String statements(String pattern) {
    return TABLES.stream().map(pattern::formatted).collect(Collectors.joining());
  }

  private static void fill(Stage stage, String table, long rows) {
    stage
        .source()
        .execute(
            """
            insert into %s
            select i, (i * 7919::bigint) %% 100000,
                   '2020-01-01'::timestamptz + i * interval '1 second',
                   i / 100.0, 'name ' || md5(i::text)
              from generate_series(1, %d) i
            """
                .formatted(table, rows));
  }
}

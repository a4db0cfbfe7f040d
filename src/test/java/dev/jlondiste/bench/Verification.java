package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures what it costs to compare ten tables in the background at a rate, and how soon rows that
 * differ are found.
 *
 * @param rows of each table
 * @param rate rows per second, at most
 * @param planted how many rows are changed on the target, one after the other was found
 */
record Verification(long rows, int rate, int planted) implements Workload {
  private static final List<String> TABLES =
      IntStream.rangeClosed(1, 10).mapToObj(n -> "public.bench_verified_" + n).toList();
  private static final int WRITES = 200;

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.VERIFY);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(
        WorkerOptions.DRAIN.with(
            List.of("verify = continuous", "verify_rate = " + rate), List.of()));
    for (String table : TABLES) {
      stage.everywhere(
          """
          create table %1$s (id bigint primary key, owner int not null, name text);
          insert into %1$s select i, i %% 1000, 'name ' || md5(i::text)
            from generate_series(1, %2$d) i;
          """
              .formatted(table, rows));
    }
    contender.follow(TABLES, stage.targets());
    try (SteadyWriter writer = SteadyWriter.start(stage.source(), TABLES.get(0), rows, WRITES)) {
      Measured first =
          cell.measure(
              stage,
              () ->
                  Probe.await(
                      "all compared",
                      stage.target(),
                      "select count(*) = 10 and bool_and(is_equal) from londiste.compare_result"));
      double readPerSecond = TABLES.size() * rows / first.seconds();
      cell.figure("rows read", Unit.ROWS_PER_SECOND, readPerSecond, first);
      cell.figure("source", Unit.PERCENT_OF_A_CORE, share(first, Part.SOURCE), first);
      cell.figure("target", Unit.PERCENT_OF_A_CORE, share(first, Part.TARGET), first);
      double longest = 0;
      for (int i = 0; i < planted; i++) {
        longest = Math.max(longest, cell.measure(stage, () -> plantAndFind(stage)).seconds());
      }
      cell.figure("longest until found and mended", Unit.SECONDS, longest, first);
      cell.note(planted + " rows changed, all found, " + writer.count() + " writes");
      if (readPerSecond > rate) {
        cell.differences(List.of("the rate was exceeded"));
      }
    }
  }

  private static double share(Measured measured, Part part) {
    return measured.cpu(part) * 100 / measured.seconds();
  }

  private void plantAndFind(Stage stage) {
    Random random = new Random();
    String table = TABLES.get(1 + random.nextInt(TABLES.size() - 1)); // the first has writers
    long id = 1 + random.nextLong(rows);
    stage
        .target()
        .executeAsReplica("update %s set name = name || ' ' where id = %d".formatted(table, id));
    Probe.await(
        "difference found",
        stage.target(),
        "select not is_equal from londiste.compare_result where table_name = '" + table + "'");
    stage
        .target()
        .executeAsReplica("update %s set name = rtrim(name) where id = %d".formatted(table, id));
    Probe.await(
        "equal again",
        stage.target(),
        "select is_equal from londiste.compare_result where table_name = '" + table + "'");
  }
}

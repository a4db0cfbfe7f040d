package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Set;

/**
 * Measures how long the comparison of a large table takes, which is equal on both sides.
 *
 * @param writes rows of the table that are updated on the source per second meanwhile
 */
record Comparison(long rows, int writes) implements Workload {
  private static final String TABLE = "public.bench_compared";

  @Override
  public String name() {
    return writes == 0 ? "compare-idle" : "compare-writes-" + writes;
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.COMPARE);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN);
    stage.everywhere(
        """
        create table %1$s (
          id bigint primary key, owner int not null, at timestamptz not null,
          amount numeric(12, 2), name text);
        insert into %1$s
        select i, (i * 7919::bigint) %% 100000,
               '2020-01-01'::timestamptz + i * interval '1 second',
               i / 100.0, 'name ' || md5(i::text)
          from generate_series(1, %2$d) i;
        """
            .formatted(TABLE, rows));
    contender.follow(List.of(TABLE), stage.targets());
    stage.everywhere("vacuum analyze " + TABLE);
    stage.everywhere("checkpoint");
    try (SteadyWriter writer = SteadyWriter.start(stage.source(), TABLE, rows, writes)) {
      Measured measured = cell.measure(stage, () -> contender.compare(TABLE));
      cell.figure("table", Unit.SECONDS, measured.seconds(), measured);
      cell.figure(
          "processor time of the source", Unit.SECONDS, measured.cpu(Part.SOURCE), measured);
      if (writes > 0) {
        cell.figure("longest write", Unit.MILLISECONDS, writer.longestMillis(), measured);
        cell.note(writer.count() + " writes");
      }
    }
  }
}

package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Set;

/**
 * Measures the capture of single statements that change many rows; the changes are read afterwards.
 */
record CaptureBulk(int rows) implements Workload {
  private static final String TABLE = "public.bench_bulk";

  @Override
  public String name() {
    return "capture-bulk";
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.CAPTURE);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage
        .source()
        .execute(
            """
            create table public.bench_bulk (
                id integer primary key, bid integer, balance integer, filler char(84))
            """);
    contender.capture(List.of(TABLE));
    statement(
        stage,
        cell,
        "insert",
        "insert into %s select i, i %% 10, 0, 'row' from generate_series(1, %d) i"
            .formatted(TABLE, rows));
    stage.source().execute("vacuum analyze " + TABLE);
    statement(stage, cell, "update", "update " + TABLE + " set balance = balance + 1");
    stage.source().execute("vacuum " + TABLE);
    statement(stage, cell, "delete", "delete from " + TABLE);
    try (ChangeReader reader = contender.reader()) {
      cell.differences(CaptureTpcb.missing(reader, 3L * rows));
    }
  }

  private static void statement(Stage stage, Cell cell, String figure, String sql)
      throws Exception {
    Measured measured = cell.measure(stage, () -> stage.source().execute(sql));
    cell.figure(figure, Unit.SECONDS, measured.seconds(), measured);
  }
}

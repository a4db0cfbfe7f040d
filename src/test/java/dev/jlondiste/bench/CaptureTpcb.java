package dev.jlondiste.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** TPC-B on the source while its changes are recorded and a program reads them. */
record CaptureTpcb(int scale, int seconds) implements Workload {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "capture-tpcb";
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.CAPTURE);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    Pgbench.create(stage.source(), scale);
    contender.capture(Pgbench.TABLES);
    try (ChangeReader reader = contender.reader()) {
      double[] tps = new double[1];
      Cell.Measured measured =
          cell.measure(
              stage, () -> tps[0] = Pgbench.tps(stage.source(), "-T", Integer.toString(seconds)));
      cell.figure("tps", Unit.TRANSACTIONS_PER_SECOND, tps[0], measured);
      long expected = stage.source().count("pgbench_history") * Pgbench.CHANGES;
      cell.differences(missing(reader, expected));
    }
  }

  /** The reader must get every change. */
  static List<String> missing(ChangeReader reader, long expected) throws Exception {
    if (reader.changes() == Long.MAX_VALUE) {
      return List.of();
    }
    Pause.until(
        expected + " changes read",
        Duration.ofMillis(50),
        PATIENCE,
        () -> reader.changes() >= expected);
    long found = reader.changes();
    return found == expected
        ? List.of()
        : List.of(found + " changes recorded instead of " + expected);
  }
}

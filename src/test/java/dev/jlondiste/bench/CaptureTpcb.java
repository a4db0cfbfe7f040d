package dev.jlondiste.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Measures TPC-B on the source while its changes are captured and a program reads them.
 *
 * @param warmUp duration before the measurement in seconds, as in {@link Latency}, because the
 *     reader has just started
 */
record CaptureTpcb(int warmUp, int seconds) implements Workload {
  /**
   * Number of branches, independent of the scale: with fewer, clients mainly wait for each other.
   */
  private static final int SCALE_FACTOR = 10;

  private static final Duration TIMEOUT = Duration.ofMinutes(10);

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
    Pgbench.create(stage.source(), SCALE_FACTOR);
    contender.capture(Pgbench.TABLES);
    try (ChangeReader reader = contender.reader()) {
      double[] tps = new double[1];
      tps(stage, warmUp);
      Cell.Measured measured = cell.measure(stage, () -> tps[0] = tps(stage, seconds));
      cell.figure("tps", Unit.TRANSACTIONS_PER_SECOND, tps[0], measured);
      long expected = stage.source().count("pgbench_history") * Pgbench.CHANGES;
      cell.differences(missing(reader, expected));
    }
  }

  private static double tps(Stage stage, int seconds) {
    return Pgbench.tps(stage.source(), "-T", Integer.toString(seconds));
  }

  /** Checks that the reader got every change. */
  static List<String> missing(ChangeReader reader, long expected) throws Exception {
    if (reader.changes() == Long.MAX_VALUE) {
      return List.of();
    }
    Pause.until(
        expected + " changes read",
        Duration.ofMillis(50),
        TIMEOUT,
        () -> reader.changes() >= expected);
    long found = reader.changes();
    return found == expected
        ? List.of()
        : List.of(found + " changes recorded instead of " + expected);
  }
}

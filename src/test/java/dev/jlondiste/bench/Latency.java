package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures the time from the commit of a row, as seen by the application, until a query on the
 * target returns it, with the default settings of each contender.
 *
 * @param otherLoad rate of pgbench on replicated tables of the source, in transactions per second
 * @param warmUp duration before the measurement in seconds, because the first seconds of a program
 *     are not representative
 */
record Latency(int commitsPerSecond, int otherLoad, int warmUp, int seconds) implements Workload {
  private static final String TABLE = "public.bench_beat";
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "latency-" + commitsPerSecond + (otherLoad == 0 ? "" : "-beside-" + otherLoad + "tps");
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.everywhere("create table " + TABLE + " (id bigint primary key)");
    List<String> tables = new ArrayList<>(List.of(TABLE));
    if (otherLoad > 0) {
      Pgbench.create(stage, 10);
      tables.addAll(Pgbench.TABLES);
    }
    Marker marker = Marker.create(stage);
    contender.follow(marker.with(tables), stage.targets());
    marker.set();
    marker.await();
    int before = commitsPerSecond * warmUp;
    int commits = before + commitsPerSecond * seconds;
    try (ArrivalRecorder arrivals = ArrivalRecorder.start(stage.target(), TABLE, commits);
        Heartbeat heartbeat = new Heartbeat(stage.source(), TABLE, commitsPerSecond, commits);
        AutoCloseable load = otherLoad == 0 ? () -> {} : load(stage)) {
      heartbeat.run(before);
      Measured measured =
          cell.measure(
              stage,
              () -> {
                heartbeat.run(commits - before);
                Pause.until("all seen", Pause.FINE, TIMEOUT, () -> arrivals.lastSeen() >= commits);
              });
      figures(cell, measured, latencies(heartbeat.committed(), arrivals.seen(), before));
    }
    marker.set();
    marker.await();
    cell.differences(Equality.differences(stage, marker.with(tables)));
  }

  private AutoCloseable load(Stage stage) {
    return stage.start(
        "load",
        Map.of(),
        Pgbench.command(
            stage.source(),
            "-n",
            "-c",
            "4",
            "-j",
            "2",
            "-R",
            Integer.toString(otherLoad),
            "-T",
            "86400"));
  }

  private static double[] latencies(long[] committed, long[] seen, int from) {
    return IntStream.range(from, committed.length)
        .mapToDouble(i -> Math.max(0, (seen[i] - committed[i]) / 1e6))
        .sorted()
        .toArray();
  }

  private static void figures(Cell cell, Measured measured, double[] sorted) {
    cell.figure("p50", Unit.MILLISECONDS, percentile(sorted, 50), measured);
    cell.figure("p95", Unit.MILLISECONDS, percentile(sorted, 95), measured);
    cell.figure("p99", Unit.MILLISECONDS, percentile(sorted, 99), measured);
    cell.figure("max", Unit.MILLISECONDS, sorted[sorted.length - 1], measured);
  }

  static double percentile(double[] sorted, int percent) {
    return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
  }
}

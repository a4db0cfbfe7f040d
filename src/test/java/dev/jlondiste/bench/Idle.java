package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Measures the cost of idle replication. */
record Idle(int seconds) implements Workload {
  private static final Duration SETTLE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    Marker marker = Marker.create(stage);
    List<String> tables = marker.with(List.of());
    contender.follow(tables, stage.targets());
    marker.set();
    marker.await();
    Pause.of(SETTLE);
    Measured measured = cell.measure(stage, () -> Pause.of(Duration.ofSeconds(seconds)));
    cell.figure(
        "daemons", Unit.PERCENT_OF_A_CORE, measured.cpu(Part.DAEMONS) * 100 / seconds, measured);
    cell.figure(
        "source", Unit.PERCENT_OF_A_CORE, measured.cpu(Part.SOURCE) * 100 / seconds, measured);
    cell.figure(
        "target", Unit.PERCENT_OF_A_CORE, measured.cpu(Part.TARGET) * 100 / seconds, measured);
    double queries = StatementLog.statementsPerSecond(stage.source(), Duration.ofSeconds(seconds));
    cell.figure("source statements", Unit.QUERIES_PER_SECOND, queries, measured);
    cell.differences(Equality.differences(stage, tables));
  }
}

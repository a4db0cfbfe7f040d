package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import dev.jlondiste.servers.TestDatabase;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures how the cost of an event grows with the number of replicated tables. Each table is
 * changed once before the measurement, so that the cost of its first change is not included.
 */
record ManyTables(int fullSize, Backlog backlog) implements Workload {
  @Override
  public String name() {
    return "tables-" + fullSize;
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN);
    backlog.create(stage);
    Drain.Drained drained =
        Drain.drain(stage, contender, cell, backlog, () -> writeToEach(stage.source()));
    Measured measured = drained.measured();
    cell.figure(
        "CPU of all",
        Unit.MICROSECONDS_PER_EVENT,
        measured.cpu() * 1e6 / drained.events(),
        measured);
    cell.figure("events", Unit.EVENTS_PER_SECOND, drained.events() / measured.seconds(), measured);
    cell.differences(Equality.differences(stage, drained.tables()));
  }

  private void writeToEach(TestDatabase source) {
    source.execute(
        backlog.tables().stream()
            .map(table -> "insert into " + table + " values (-1, 'first')")
            .collect(Collectors.joining(";")));
  }
}

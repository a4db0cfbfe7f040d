package dev.jlondiste.bench;

import java.util.Set;

/** Measures the cost of subscribers for their provider: all read the same backlog. */
record Leaves(int count, Backlog backlog) implements Workload {
  @Override
  public String name() {
    return "leaves-" + count;
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN);
    stage.targets(count);
    backlog.create(stage);
    Drain.Drained drained = Drain.drain(stage, contender, cell, backlog);
    cell.figure(
        "source CPU",
        Unit.MICROSECONDS_PER_EVENT,
        drained.microsecondsPerEvent(Part.SOURCE),
        drained.measured());
    cell.figure("time", Unit.SECONDS, drained.measured().seconds(), drained.measured());
    cell.differences(Equality.differences(stage, drained.tables()));
  }
}

package dev.jlondiste.bench;

import java.util.List;
import java.util.Set;

/** A {@link Drain} by a worker that also compares its tables in the background. */
record VerifiedDrain(Backlog backlog) implements Workload {
  @Override
  public String name() {
    return "drain-verified";
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.VERIFY);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(
        WorkerOptions.DRAIN.with(
            List.of("verify = continuous", "verify_rate = 1000000"), List.of()));
    backlog.create(stage);
    Drain.Drained drained = Drain.drain(stage, contender, cell, backlog);
    cell.figure(
        "events",
        Unit.EVENTS_PER_SECOND,
        drained.events() / drained.measured().seconds(),
        drained.measured());
    cell.differences(Equality.differences(stage, drained.tables()));
  }
}

package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Set;

/**
 * Measures how fast a paused target applies its backlog: from the resume, with all programs
 * running, until the last row is visible.
 */
record Drain(Backlog backlog) implements Workload {
  @Override
  public String name() {
    return "drain-" + backlog.name();
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN);
    backlog.create(stage);
    Drained drained = drain(stage, contender, cell, backlog);
    cell.figure(
        "events",
        Unit.EVENTS_PER_SECOND,
        drained.events() / drained.measured().seconds(),
        drained.measured());
    cell.differences(Equality.differences(stage, drained.tables()));
  }

  record Drained(long events, Measured measured, List<String> tables) {
    double microsecondsPerEvent(Part part) {
      return measured.cpu(part) * 1e6 / events;
    }
  }

  /** Runs on a stage with tables and worker options. */
  static Drained drain(Stage stage, Contender contender, Cell cell, Backlog backlog)
      throws Exception {
    return drain(stage, contender, cell, backlog, () -> {});
  }

  /**
   * @param before an action that runs while the target is replicating
   */
  static Drained drain(
      Stage stage, Contender contender, Cell cell, Backlog backlog, Cell.Step before)
      throws Exception {
    Marker marker = Marker.create(stage);
    List<String> tables = marker.with(backlog.tables());
    contender.follow(tables, stage.targets());
    before.run();
    marker.set();
    marker.await();
    contender.pause();
    long events = backlog.fill(stage);
    marker.set();
    contender.seal();
    Measured measured =
        cell.measure(
            stage,
            () -> {
              contender.resume();
              marker.await();
            });
    cell.note(events + " events");
    return new Drained(events, measured, tables);
  }
}

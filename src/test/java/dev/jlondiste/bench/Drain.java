package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Set;

/**
 * A target that has stood still gets what happened meanwhile. Programs run already; the time goes
 * from the word to go on until the last row can be seen.
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

  /** On a stage that has the tables; options of workers are set. */
  static Drained drain(Stage stage, Contender contender, Cell cell, Backlog backlog)
      throws Exception {
    return drain(stage, contender, cell, backlog, () -> {});
  }

  /**
   * @param before something that happens while the target follows
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
    long events = backlog.make(stage);
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

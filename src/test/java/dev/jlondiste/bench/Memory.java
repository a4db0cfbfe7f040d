package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.Set;

/** Measures batches and rows that are larger than the worker's heap. */
record Memory(Backlog backlog) implements Workload {
  @Override
  public String name() {
    return "memory-" + backlog.name();
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN.withHeap("512m"));
    backlog.create(stage);
    Drain.Drained drained = Drain.drain(stage, contender, cell, backlog);
    Measured measured = drained.measured();
    cell.figure("time", Unit.SECONDS, measured.seconds(), measured);
    cell.figure("daemons RSS", Unit.MEGABYTES, megabytes(measured, Part.DAEMONS), measured);
    cell.figure("source RSS", Unit.MEGABYTES, megabytes(measured, Part.SOURCE), measured);
    cell.figure("target RSS", Unit.MEGABYTES, megabytes(measured, Part.TARGET), measured);
    cell.differences(Equality.differences(stage, drained.tables()));
  }

  private static double megabytes(Measured measured, Part part) {
    return measured.usage().getOrDefault(part, Usage.NONE).peakRss() / 1048576.0;
  }
}

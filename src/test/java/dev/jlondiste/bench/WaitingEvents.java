package dev.jlondiste.bench;

import dev.jlondiste.bench.Cell.Measured;
import java.util.List;
import java.util.Set;

/**
 * Measures how the cost of an event grows with the events that wait in the queue for another
 * consumer, which never reads. These events are of a table that the target does not have.
 *
 * @param fullSize number of waiting events at a scale of 1, for the name
 */
record WaitingEvents(long fullSize, long count, Backlog backlog) implements Workload {
  private static final String OTHER = "public.bench_other";
  private static final long PER_STATEMENT = 500_000;

  @Override
  public String name() {
    return "waiting-" + fullSize;
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW, Ability.QUEUE);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN);
    backlog.create(stage);
    Drain.Drained drained =
        Drain.drain(stage, contender, cell, backlog, () -> fill(stage, contender));
    Measured measured = drained.measured();
    cell.figure(
        "CPU of all",
        Unit.MICROSECONDS_PER_EVENT,
        measured.cpu() * 1e6 / drained.events(),
        measured);
    cell.figure(
        "source CPU",
        Unit.MICROSECONDS_PER_EVENT,
        drained.microsecondsPerEvent(Part.SOURCE),
        measured);
    cell.differences(Equality.differences(stage, drained.tables()));
  }

  private void fill(Stage stage, Contender contender) {
    stage.source().execute("create table " + OTHER + " (id bigint primary key, what text)");
    contender.captureMore(List.of(OTHER));
    stage.source().rows("select pgq.register_consumer('bench', 'sleeper')");
    for (long from = 1; from <= count; from += PER_STATEMENT) {
      stage
          .source()
          .execute(
              "insert into %s select i, 'other ' || i from generate_series(%d, %d) i"
                  .formatted(OTHER, from, Math.min(count, from + PER_STATEMENT - 1)));
    }
  }
}

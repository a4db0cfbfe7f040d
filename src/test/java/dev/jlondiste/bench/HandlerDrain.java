package dev.jlondiste.bench;

import dev.jlondiste.bench.Drain.Drained;
import java.util.List;
import java.util.Set;

/**
 * Measures as {@link Drain} does, for a table with a handler. All of them have the same backlog,
 * and each handler leaves the rows as they are, so that results can be compared with each other.
 *
 * @param settings lines for the ini files of leaves
 * @param words options of add-table
 */
record HandlerDrain(String handler, List<String> settings, List<String> words, Backlog backlog)
    implements Workload {

  static List<HandlerDrain> all(Backlog backlog) {
    return List.of(
        new HandlerDrain("plain", List.of(), List.of(), backlog),
        new HandlerDrain(
            "shard",
            List.of("shard_info_sql = select 0, 0"),
            List.of("--handler=shard", "--handler-arg=hash_expr=id::integer"),
            backlog),
        new HandlerDrain("bulk", List.of(), List.of("--handler=bulk"), backlog),
        new HandlerDrain(
            "columns",
            List.of(),
            List.of("--handler=columns", "--handler-arg=set=place = 'here'"),
            backlog),
        new HandlerDrain(
            "expression",
            List.of(),
            List.of("--handler=columns", "--handler-arg=set=amount = amount::integer + 0"),
            backlog));
  }

  @Override
  public String name() {
    return "handler-" + handler;
  }

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.FOLLOW, Ability.HANDLERS);
  }

  @Override
  public void run(Stage stage, Contender contender, Cell cell) throws Exception {
    stage.setOptions(WorkerOptions.DRAIN.with(settings, words));
    backlog.create(stage);
    Drained drained = Drain.drain(stage, contender, cell, backlog);
    cell.figure(
        "events",
        Unit.EVENTS_PER_SECOND,
        drained.events() / drained.measured().seconds(),
        drained.measured());
    cell.differences(Equality.differences(stage, drained.tables()));
  }
}

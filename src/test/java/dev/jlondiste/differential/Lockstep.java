package dev.jlondiste.differential;

import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Runs the same steps on two databases of one server, the original's and ours, and finds the first
 * difference.
 */
final class Lockstep implements AutoCloseable {
  private final TestDatabase reference;
  private final TestDatabase ours;
  private final Side left;
  private final Side right;
  private final String refresh;
  private final DatabaseContent content;
  private final Set<AllowedDifference> allowed;
  private BiConsumer<Step, Answer> observer = (step, answer) -> {};

  /**
   * @param setup run in both, once
   * @param refresh run in both before each sequence, makes them as they were
   */
  Lockstep(String setup, String refresh, DatabaseContent content, Set<AllowedDifference> allowed) {
    this.allowed = allowed;
    this.refresh = refresh;
    this.content = content;
    reference = Reference.createDatabase();
    ours = Reference.server().createDatabase();
    ours.load(Path.of("sql/install.sql"));
    // Nothing but the sequence shall hold locks, transactions or old rows.
    reference.execute("alter system set autovacuum = off");
    reference.execute("select pg_reload_conf()");
    reference.execute(setup);
    ours.execute(setup);
    left = new Side(reference);
    right = new Side(ours);
  }

  /** Receives each step with the original's answer. */
  void observe(BiConsumer<Step, Answer> newObserver) {
    observer = newObserver;
  }

  /** For the test of the test: makes ours wrong. */
  void plant(String fault) {
    ours.execute(fault);
  }

  TestDatabase reference() {
    return reference;
  }

  Optional<Difference> run(List<Step> steps) {
    left.refresh(refresh);
    right.refresh(refresh);
    Transactions.know(left.transactions(), right.transactions());
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Answer expected = left.perform(step, i);
      Answer answer = right.perform(step, i);
      observer.accept(step, expected);
      Optional<Difference> difference = compare(i, step.toString(), expected, answer);
      if (difference.isPresent()) {
        Optional<AllowedDifference> tolerated =
            AllowedDifference.between(expected, answer, allowed);
        if (tolerated.isEmpty()) {
          return difference;
        } else if (!tolerated.get().leavesTheSame()) {
          return Optional.empty();
        }
      } else if (hadToWait(expected)) {
        // Its progress before the error and the number of sequence values it used are not defined.
        return Optional.empty();
      }
    }
    left.rollBackAll();
    right.rollBackAll();
    return content.queries().stream()
        .map(q -> compare(steps.size(), q, left.look(q).sorted(), right.look(q).sorted()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean hadToWait(Answer answer) {
    return answer.error() != null && answer.error().state().equals("55P03");
  }

  private static Optional<Difference> compare(int at, String what, Answer reference, Answer ours) {
    return Comparison.difference(reference, ours)
        .map(why -> new Difference(at, what, why, reference, ours));
  }

  @Override
  public void close() {
    reference.execute("alter system reset autovacuum");
    reference.execute("select pg_reload_conf()");
    left.close();
    right.close();
  }
}

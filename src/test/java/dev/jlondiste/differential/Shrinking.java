package dev.jlondiste.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds fewer steps after which the two sides still differ. */
final class Shrinking {
  private final Lockstep lockstep;
  private int attempts;

  Shrinking(Lockstep lockstep, int attempts) {
    this.lockstep = lockstep;
    this.attempts = attempts;
  }

  /** Steps, and where they lead. */
  record Result(List<Step> steps, Difference difference) {}

  /** Leaves out halves, quarters, and so on down to single steps, as long as a difference stays. */
  Result shrink(List<Step> steps, Difference difference) {
    Result best = cut(new Result(steps, difference));
    for (int size = Math.max(1, best.steps().size() / 2); size >= 1; size /= 2) {
      for (int from = 0; from < best.steps().size() && attempts > 0; ) {
        List<Step> fewer = new ArrayList<>(best.steps());
        fewer.subList(from, Math.min(from + size, fewer.size())).clear();
        attempts--;
        Optional<Difference> found = lockstep.run(fewer);
        if (found.isPresent() && found.get().why().equals(best.difference().why())) {
          best = cut(new Result(fewer, found.get()));
        } else {
          from += size;
        }
      }
    }
    return best;
  }

  private static Result cut(Result result) {
    int last = Math.min(result.difference().at() + 1, result.steps().size());
    return new Result(List.copyOf(result.steps().subList(0, last)), result.difference());
  }
}

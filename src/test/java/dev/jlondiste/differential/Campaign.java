package dev.jlondiste.differential;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many sequences, each from a seed of its own: the first is {@code jlondiste.differential.seed},
 * the others follow it; {@code jlondiste.differential.sequences} says how many.
 */
final class Campaign {
  private static final Logger log = LoggerFactory.getLogger(Campaign.class);

  /** Kinds of differences to report before giving up. */
  private static final int ENOUGH = 8;

  private static final int SHRINKING_ATTEMPTS = 60;

  private final Lockstep lockstep;
  private final long firstSeed;
  private final int sequencesByDefault;
  private final int sequences;

  Campaign(Lockstep lockstep, int sequencesByDefault) {
    this.lockstep = lockstep;
    this.sequencesByDefault = sequencesByDefault;
    firstSeed = Long.getLong("jlondiste.differential.seed", 1);
    sequences = Integer.getInteger("jlondiste.differential.sequences", sequencesByDefault);
  }

  /** Enough to say what such sequences do; not so when one of them is run again. */
  boolean isLong() {
    return sequences >= sequencesByDefault;
  }

  /** Fails with all that is needed to see the differences again. */
  void run(Function<Dice, List<Step>> author) {
    Map<String, String> reports = new LinkedHashMap<>();
    for (long seed = firstSeed; seed < firstSeed + sequences && reports.size() < ENOUGH; seed++) {
      List<Step> steps = author.apply(new Dice(seed));
      if ((seed - firstSeed) % 100 == 0) {
        log.info("seed {}", seed);
      }
      Optional<Difference> difference = lockstep.run(steps);
      if (difference.isPresent()) {
        String kind = kind(steps, difference.get());
        if (!reports.containsKey(kind)) {
          String report = report(seed, steps, difference.get());
          log.info("{}", report);
          reports.put(kind, report);
        }
      }
    }
    if (!reports.isEmpty()) {
      throw new AssertionError(String.join("\n\n", reports.values()));
    }
  }

  /** One report of a kind is enough. */
  private static String kind(List<Step> steps, Difference difference) {
    return difference.at() < steps.size()
        ? steps.get(difference.at()).what()
        : difference.what() + difference.why().replaceAll("[0-9]+", "");
  }

  private String report(long seed, List<Step> steps, Difference difference) {
    Shrinking.Result shrunk = new Shrinking(lockstep, SHRINKING_ATTEMPTS).shrink(steps, difference);
    return "%s%n  again with -Djlondiste.differential.seed=%d -Djlondiste.differential.sequences=1%n  steps:%n%s"
        .formatted(
            shrunk.difference(),
            seed,
            IntStream.range(0, shrunk.steps().size())
                .mapToObj(i -> "    %d. %s".formatted(i + 1, shrunk.steps().get(i)))
                .collect(Collectors.joining("\n")));
  }

  @Override
  public String toString() {
    return "%d sequences from seed %d".formatted(sequences, firstSeed);
  }
}

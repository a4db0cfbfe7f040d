package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Batches of all sizes fail at all points: a wrong row, a handler that throws, an interrupt, a
 * refused commit, sessions of either side cancelled or ended at an event or at any moment. No
 * answer is read by another question, the failure that is reported is the one that was made, and
 * when the batches are let through both sides are equal.
 *
 * <p>{@code -Djlondiste.stress.batches=N} for N failing batches, spread over every major.
 */
class CutBatchesIT {
  private static final int DEFAULT_FAILURES = 48;

  /** Two for the worker on each side and what the probes take at once, and one for the batches. */
  private static final int MAX_CONNECTIONS = 7;

  @TempDir private Path directory;

  static Stream<Arguments> servers() {
    Integer failures = Integer.getInteger("jlondiste.stress.batches");
    List<String> majors = failures == null ? List.of("9.6", "13", "18") : Servers.MAJORS;
    int each = (failures == null ? DEFAULT_FAILURES : failures) / majors.size();
    return IntStream.range(0, majors.size())
        .mapToObj(i -> Arguments.of(majors.get(i), majors.get(majors.size() - 1 - i), each));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void every_answer_is_read_by_its_question(String provider, String subscriber, int failures)
      throws Exception {
    long seed = Long.getLong("jlondiste.seed", System.nanoTime());
    try (CutBatches batches = new CutBatches(provider, subscriber, directory, seed)) {
      int failed = 0;
      long most = 0;
      while (failed < failures) {
        failed += batches.batch();
        if (failed % 10 == 0) {
          most = Math.max(most, batches.connections());
        }
      }
      batches.assertEqual();
      System.out.printf(
          "CutBatchesIT: %s to %s, seed %d: %d failures: %s%n",
          provider, subscriber, seed, failed, batches);
      assertThat(most).as("connections at a time").isLessThanOrEqualTo(MAX_CONNECTIONS);
    }
  }
}

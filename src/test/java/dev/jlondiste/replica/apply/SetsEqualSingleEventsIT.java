package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bulk writes and single events produce the same rows: random histories, captured by triggers of
 * every kind, are applied both ways, with and without {@code session_replication_role}, to targets
 * that equal the source and to targets that differ from it. Run more of them with {@code
 * -Djlondiste.histories=N}, others with {@code -Djlondiste.seed=S}.
 */
class SetsEqualSingleEventsIT {
  private static final Logger log = LoggerFactory.getLogger(SetsEqualSingleEventsIT.class);
  private static final int HISTORIES = Integer.getInteger("jlondiste.histories", 15);
  private static final long SEED = Long.getLong("jlondiste.seed", 1);

  static Stream<Arguments> captures() {
    return Stream.of("9.6", "13", "18")
        .flatMap(
            major ->
                Stream.of(TwoWays.Capture.values())
                    .filter(capture -> !major.equals("9.6") || !capture.needsTransitionTables())
                    .map(capture -> Arguments.of(major, capture)));
  }

  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("captures")
  void both_leave_what_the_source_has(String major, TwoWays.Capture capture) throws SQLException {
    try (TwoWays ways = new TwoWays(Servers.shared(major), capture)) {
      for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
        ways.compare(seed);
      }
      log.warn("{}, {}: seeds {} to {}: {}", major, capture, SEED, SEED + HISTORIES - 1, ways);
      assertThat(ways.events()).isGreaterThan(10L * HISTORIES);
    }
  }
}

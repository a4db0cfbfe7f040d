package dev.jlondiste.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sequences of API calls: the same answers, errors and warnings, and the same tables afterwards.
 */
class ApiSequencesIT {
  private static final Logger log = LoggerFactory.getLogger(ApiSequencesIT.class);
  private static final int SEQUENCES = 120;

  @Test
  void ours_answers_as_the_original_does() {
    try (Lockstep lockstep =
        new Lockstep(
            ApiCalls.SETUP,
            ApiCalls.REFRESH,
            DatabaseContent.EVERYTHING,
            AllowedDifference.OF_CALLS)) {
      ApiCalls calls = new ApiCalls(Signature.all(lockstep.reference()));
      Tally tally = new Tally();
      lockstep.observe(tally::count);
      Campaign campaign = new Campaign(lockstep, SEQUENCES);

      campaign.run(calls::write);

      log.info("{}: {}", campaign, tally);
      Set<String> never =
          calls.functions().stream()
              .map(Signature::toString)
              .collect(Collectors.toCollection(TreeSet::new));
      never.removeAll(tally.succeeded().keySet());
      assertThat(campaign.isLong() ? never : Set.of())
          .as("functions without a successful call")
          .isEmpty();
    }
  }
}

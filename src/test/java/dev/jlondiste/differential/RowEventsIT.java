package dev.jlondiste.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Row changes of tables of all types: the same events, errors and warnings. */
class RowEventsIT {
  private static final Logger log = LoggerFactory.getLogger(RowEventsIT.class);
  private static final int SEQUENCES = 100;

  @Test
  void our_triggers_write_what_those_of_the_original_write() {
    try (Lockstep lockstep =
        new Lockstep(
            RowChanges.setup(),
            RowChanges.REFRESH,
            DatabaseContent.EVENTS_ALONE,
            AllowedDifference.OF_ROWS)) {
      TypeSamples samples = TypeSamples.of(lockstep.reference());
      Tally tally = new Tally();
      lockstep.observe(tally::count);
      Campaign campaign = new Campaign(lockstep, SEQUENCES);

      campaign.run(new RowChanges(samples)::write);

      log.info("{}, {} types: {}", campaign, samples.types().size(), tally);
      if (campaign.isLong()) {
        assertThat(tally.errors()).as("failing steps").isBetween(1, tally.steps() / 2);
      }
    }
  }
}

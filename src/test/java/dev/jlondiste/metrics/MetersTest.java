package dev.jlondiste.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetersTest {
  private final Meters meters = new Meters();

  @Test
  void skipped_events_are_counted() {
    meters.skipped("leaf1", 3, 1);
    meters.skipped("leaf1", 2, 0);
    assertThat(meters.values())
        .containsEntry("jlondiste.events.dead_letters{consumer=leaf1}", 5.0)
        .containsEntry("jlondiste.events.discarded{consumer=leaf1}", 1.0);
  }

  @Test
  void counters_add_up_and_gauges_follow() {
    meters.batch("leaf1", 10, 2, Duration.ofMillis(250));
    meters.batch("leaf1", 5, 0, Duration.ofMillis(250));
    meters.lag("leaf1", Duration.ofSeconds(7));
    meters.lag("leaf1", Duration.ofSeconds(3));
    assertThat(meters.values())
        .containsEntry("jlondiste.batches{consumer=leaf1}", 2.0)
        .containsEntry("jlondiste.events{consumer=leaf1}", 15.0)
        .containsEntry("jlondiste.events.ignored{consumer=leaf1}", 2.0)
        .containsEntry("jlondiste.apply.count{consumer=leaf1}", 2.0)
        .containsEntry("jlondiste.apply.total{consumer=leaf1}", 0.5)
        .containsEntry("jlondiste.lag.seconds{consumer=leaf1}", 3.0);
  }

  @Test
  void meters_of_different_tables_are_separate() {
    meters.copied("public.a", 3, 100);
    meters.copied("public.b", 4, 200);
    assertThat(meters.values())
        .containsEntry("jlondiste.copy.rows{table=public.a}", 3.0)
        .containsEntry("jlondiste.copy.bytes{table=public.b}", 200.0);
  }
}

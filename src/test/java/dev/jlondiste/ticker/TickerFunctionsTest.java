package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.ticker.TickerFunctions.SqlAbilities;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TickerFunctionsTest {
  @Test
  void the_query_is_the_same_in_a_country_with_other_digits() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try {
      assertThat(SqlAbilities.NONE.lowLatencyQueues(Duration.ofSeconds(1)))
          .contains("interval '1000 milliseconds'");
    } finally {
      Locale.setDefault(before);
    }
  }
}

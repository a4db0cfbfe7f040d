package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.ticker.TickerFunctions.SqlAbilities;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TickerFunctionsTest {
  @Test
  void the_query_does_not_depend_on_the_locale() {
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

package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LagFormatTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.999S, 0s",
    "PT51S, 51s",
    "PT60S, 1m0s",
    "PT85S, 1m25s",
    "PT1H0M3S, 1h3s",
    "P2DT4H5M6S, 2d4h5m6s",
    "P400D, 400d0s"
  })
  void zero_parts_are_left_out_but_seconds(Duration lag, String text) {
    assertThat(LagFormat.of(lag)).isEqualTo(text);
  }

  @Test
  void unknown() {
    assertThat(LagFormat.of(Optional.empty())).isEqualTo("(n/a)");
  }
}

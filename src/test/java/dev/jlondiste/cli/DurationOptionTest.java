package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationOptionTest {
  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "2s, PT2S", "2, PT2S", "1.5 min, PT1M30S", "1h, PT1H", "1d, PT24H"})
  void a_number_has_a_unit_of_postgresql_or_none(String text, Duration expected) {
    assertThat(new DurationOption().convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1s", "1 week", "1s2", "1e3"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> new DurationOption().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "' is not a time");
  }

  @Test
  void a_fraction_of_a_millisecond_is_dropped() {
    assertThat(new DurationOption().convert("1.5ms")).isEqualTo(Duration.ofMillis(1));
  }
}

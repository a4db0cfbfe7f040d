package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimeSpanTest {
  private final TimeSpan converter = new TimeSpan();

  @ParameterizedTest
  @CsvSource({
    "30,30000",
    "0,0",
    "0.5,500",
    "30s,30000",
    "250ms,250",
    "5min,300000",
    "5 m,300000",
    "1.5h,5400000"
  })
  void units_follow_the_number(String text, long milliseconds) {
    assertThat(converter.convert(text)).isEqualTo(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1", "1 week", "1e3", "1,5", "99999999999"})
  void anything_else_is_refused(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "' is no time");
  }

  @Test
  void seconds_are_the_unit_of_scripts() {
    assertThat(converter.convert("1")).hasSeconds(1);
  }
}

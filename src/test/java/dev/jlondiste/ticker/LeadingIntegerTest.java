package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadingIntegerTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "-3, -3",
    "3.5.1, 3",
    "'(100,done)', 0",
    "'', 0",
    ", 0",
    "none, 0",
    "' 12 x', 12"
  })
  void reads_as_c_does(String text, long expected) {
    assertThat(TickerFunctions.leadingInteger(text)).isEqualTo(expected);
  }
}

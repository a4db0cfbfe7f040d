package dev.jlondiste.replica.obfuscation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A value has one text, whether a copy or native capture has written it. */
class ValueTextTest {
  private static String canonical(String text) {
    return new String(
        ValueText.canonical(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "true, t",
    "false, f",
    "2026-11-30T12:30:00, 2026-11-30 12:30:00",
    "2026-11-30T12:30:00.000001, 2026-11-30 12:30:00.000001",
    "2026-11-30T05:30:00.5+09:00, 2026-11-29 20:30:00.5+00",
    "2026-12-31T20:00:00-05:30, 2027-01-01 01:30:00+00",
    "2026-12-31T20:00:00+00:00, 2026-12-31 20:00:00+00",
    "1850-01-01T00:00:00+01:39:04, 1849-12-31 22:20:56+00",
    "12026-01-01T00:00:00, 12026-01-01 00:00:00",
    "0001-01-01T00:00:00+09:00, 0001-12-31 15:00:00+00 BC",
    "0044-03-15T00:00:00 BC, 0044-03-15 00:00:00 BC"
  })
  void texts_of_native_capture_become_those_of_a_copy(String text, String expected) {
    assertThat(canonical(text)).isEqualTo(expected);
    assertThat(canonical(expected)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "True",
        " true",
        "infinity",
        "2026-11-30",
        "2026-11-30 12:30:00+09",
        "2026-13-30T12:30:00",
        "2026-11-30T12:30:00 and more",
        "2026-11-30T12:30:00+09:00é"
      })
  void other_texts_stay(String text) {
    assertThat(canonical(text)).isEqualTo(text);
  }
}

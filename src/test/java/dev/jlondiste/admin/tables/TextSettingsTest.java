package dev.jlondiste.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which encodings cannot hold all texts of which others. */
class TextSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "UTF8, UTF8, ''",
    "LATIN1, UTF8, ''",
    "SQL_ASCII, SQL_ASCII, ''",
    "SQL_ASCII, UTF8, bytes that are not valid in UTF8",
    "UTF8, SQL_ASCII, texts arrive in UTF8",
    "UTF8, LATIN1, characters that LATIN1 lacks",
    "LATIN1, LATIN9, characters that LATIN9 lacks"
  })
  void an_encoding_that_cannot_hold_all_texts_is_warned_of(
      String there, String here, String warning) {
    String told =
        TextSettings.encodings(new TextSettings(there, "C"), new TextSettings(here, "C"))
            .orElse("");
    assertThat(told).contains(warning);
    assertThat(told.isEmpty()).isEqualTo(warning.isEmpty());
  }
}

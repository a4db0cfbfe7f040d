package dev.jlondiste.pgq.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UrlEncodingTest {
  @Test
  void name_without_equals_is_null_and_empty_value_is_empty() {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("id", "1");
    expected.put("txt", "");
    expected.put("val", null);
    assertThat(UrlEncoding.decodeRow("id=1&txt=&val")).containsExactlyEntriesOf(expected);
  }

  @Test
  void decodes_blanks_bytes_and_odd_names() {
    assertThat(UrlEncoding.decodeRow("We+ird%26Col=z&a=%c3%A9+%25"))
        .containsEntry("We ird&Col", "z")
        .containsEntry("a", "é %");
  }

  @Test
  void keeps_characters_outside_ascii_that_were_not_encoded() {
    assertThat(UrlEncoding.decodeRow("a=é%20x")).containsEntry("a", "é x");
  }

  @Test
  void skips_empty_elements() {
    assertThat(UrlEncoding.decodeRow("&a=1&&b=2&")).hasSize(2);
    assertThat(UrlEncoding.decodeRow("")).isEmpty();
  }

  @Test
  void encodes_as_the_database_does() {
    assertThat(UrlEncoding.encode("aZ0_.-~ é(")).isEqualTo("aZ0_.-%7e+%c3%a9%28");
    assertThat(UrlEncoding.encode(Map.of("handler", "londiste(ignore_truncate=1)")))
        .isEqualTo("handler=londiste%28ignore_truncate%3d1%29");
  }

  @Test
  void refuses_a_broken_escape() {
    assertThatThrownBy(() -> UrlEncoding.decodeRow("a=%4")).hasMessageContaining("%4");
    assertThatThrownBy(() -> UrlEncoding.decodeRow("a=%zz")).hasMessageContaining("%zz");
  }

  @Test
  void a_url_encoded_byte_is_not_replaced() {
    assertThatThrownBy(() -> UrlEncoding.decodeRow("id=1&v=caf%e9"))
        .hasMessage("byte 0xe9 at position 4 is not UTF-8");
  }
}

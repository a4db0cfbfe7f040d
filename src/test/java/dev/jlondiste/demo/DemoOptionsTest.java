package dev.jlondiste.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
  @Test
  void takes_values_with_and_without_equals_sign() {
    DemoOptions options = DemoOptions.parse(List.of("--rows=500", "--seconds", "3", "--keep"));
    assertThat(options).isEqualTo(new DemoOptions(false, true, true, 500, 3));
  }

  @Test
  void an_invalid_number_is_reported_with_its_range() {
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--rows", "many")))
        .isInstanceOf(UserError.class)
        .hasMessage("--rows needs a number between 100 and 100000000, not 'many'");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--seconds")))
        .hasMessageContaining("not ''");
  }

  @Test
  void unknown_options_are_refused() {
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--fast")))
        .hasMessage("unknown option: --fast");
  }
}

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
  void says_what_a_number_must_be() {
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--rows", "many")))
        .isInstanceOf(UserError.class)
        .hasMessage("--rows needs a number between 100 and 100000000, not 'many'");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--seconds")))
        .hasMessageContaining("not ''");
  }

  @Test
  void refuses_what_it_does_not_know() {
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--fast")))
        .hasMessage("unknown option: --fast");
  }
}

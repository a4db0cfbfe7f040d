package dev.jlondiste.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cli.Arguments.Given;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static Arguments read(String... words) {
    return new Commands().reader().read(List.of(words));
  }

  @Test
  void short_flags_can_be_grouped() {
    assertThat(read("-vd", "x.ini", "worker").options())
        .containsExactly(new Given("-v", null), new Given("-d", null));
  }

  @Test
  void a_value_follows_as_word_or_after_an_equals_sign() {
    assertThat(read("--set", "a=b", "--set=c=d", "x.ini"))
        .isEqualTo(
            new Arguments(
                List.of(new Given("--set", "a=b"), new Given("--set", "c=d")), List.of("x.ini")));
  }

  @Test
  void a_value_may_begin_like_an_option() {
    assertThat(read("--queue", "-q").options()).containsExactly(new Given("--queue", "-q"));
  }

  @Test
  void an_unambiguous_prefix_is_accepted() {
    assertThat(read("--verb").options()).containsExactly(new Given("--verbose", null));
  }

  @Test
  void an_exact_name_is_never_ambiguous() {
    assertThat(read("--dead", "n").options()).containsExactly(new Given("--dead", "n"));
  }

  @Test
  void after_two_dashes_everything_is_plain() {
    assertThat(read("x.ini", "--", "-q").plain()).containsExactly("x.ini", "-q");
  }

  @Test
  void a_lone_dash_is_plain() {
    assertThat(read("-").plain()).containsExactly("-");
  }

  @Test
  void unknown_options_are_refused() {
    assertThatThrownBy(() -> read("--nosuch"))
        .isInstanceOf(UsageError.class)
        .hasMessage("no such option: --nosuch");
  }
}

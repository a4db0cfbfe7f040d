package dev.jlondiste.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventQueryTest {
  @Test
  void values_become_literals() {
    Map<String, @Nullable String> values = new HashMap<>();
    values.put("a", "it's");
    values.put("b", null);
    values.put("pgq.ev_data", "back\\slash %(a)s");
    assertThat(EventQuery.parse("select f(%(a)s, %(b)s, %(pgq.ev_data)s), 5 %% 2").text(values))
        .isEqualTo("select f('it''s', NULL,  E'back\\\\slash %(a)s'), 5 % 2");
    assertThat(EventQuery.parse("select 1").text(values)).isEqualTo("select 1");
  }

  @Test
  void a_percent_sign_that_begins_no_placeholder_is_an_error() {
    assertThatThrownBy(() -> EventQuery.parse("select '50%'"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a percent sign that begins no placeholder: %'");
  }

  @Test
  void an_unknown_name_is_an_error_that_lists_the_names() {
    assertThatThrownBy(() -> EventQuery.parse("select %(c)s").text(Map.of("a", "1", "b", "2")))
        .isInstanceOfSatisfying(
            UserError.class,
            e -> {
              assertThat(e.problem()).contains("'c'");
              assertThat(e.hint()).contains("it has a, b");
            });
  }
}

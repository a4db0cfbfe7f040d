package dev.jlondiste.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HintTest {
  @Test
  void a_hint_has_a_line_of_its_own() {
    assertThat(Hint.after("no such queue", "create it"))
        .isEqualTo("no such queue\nHINT:  create it");
    assertThat(Hint.line("create it")).isEqualTo("HINT:  create it");
  }

  @Test
  void without_a_hint_the_problem_stands_alone() {
    assertThat(Hint.after("no such queue", null)).isEqualTo("no such queue");
    assertThat(Hint.after("no such queue", "")).isEqualTo("no such queue");
  }

  @Test
  void a_user_error_is_printed_with_its_hint() {
    assertThat(new UserError("no such queue", "create it").text())
        .isEqualTo("no such queue\nHINT:  create it");
    assertThat(new UserError("no such queue", null).text()).isEqualTo("no such queue");
  }
}

package dev.jlondiste.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.fault.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

class RepliesTest {
  @ParameterizedTest
  @CsvSource({
    "100,DEBUG",
    "199,DEBUG",
    "200,INFO",
    "201,INFO",
    "301,WARN",
    "400,ERROR",
    "500,ERROR"
  })
  void codes_are_levels(int code, Level level) {
    assertThat(Replies.level(code)).isEqualTo(level);
  }

  @Test
  void a_refusal_is_thrown_so_that_the_transaction_rolls_back() {
    assertThatThrownBy(() -> Replies.check("leaf", new Reply(404, "Unknown queue: q")))
        .isInstanceOf(UserError.class)
        .hasMessage("[leaf] Unknown queue: q");
  }

  @Test
  void a_warning_is_not_thrown() {
    assertThat(Replies.check(new Reply(304, "Subscriber not found")).isWarning()).isTrue();
  }
}

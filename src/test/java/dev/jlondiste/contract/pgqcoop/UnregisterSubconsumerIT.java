package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.unregister_subconsumer")
class UnregisterSubconsumerIT extends CoopContract {
  @Test
  void one_leaves_and_the_others_stay() {
    queue("leave", "a", "b");
    assertThat(leave("leave", "a", 0)).isEqualTo("1");
    assertThat(leave("leave", "a", 0)).isEqualTo("0");
    assertThat(subscriptions("leave"))
        .containsExactly("main shared positioned", "main.b shared idle");
  }

  private @Nullable String leave(String queue, String subconsumer, @Nullable Integer handling) {
    return value(
        "select pgq_coop.unregister_subconsumer(?, 'main', ?, ?::integer)",
        queue,
        subconsumer,
        handling);
  }

  @Test
  void its_name_goes_with_its_last_subscription() {
    queue("name 1", "named");
    queue("name 2", "named");
    leave("name 1", "named", 0);
    assertThat(number("select count(*) from pgq.consumer where co_name = 'main.named'"))
        .isEqualTo(1);
    leave("name 2", "named", 0);
    assertThat(number("select count(*) from pgq.consumer where co_name = 'main.named'")).isZero();
  }

  @Test
  void who_is_not_there_cannot_leave() {
    queue("absent", "a");
    assertThat(leave("absent", "b", 0)).isEqualTo("0");
    assertThat(leave("nosuch", "a", 0)).isEqualTo("0");
    assertThat(value("select pgq_coop.unregister_subconsumer('absent', 'nobody', 'a', 0)"))
        .isEqualTo("0");
  }

  @Test
  void an_open_batch_is_not_forgotten() {
    queue("open", "a");
    event("open", "1");
    String batch = next("open", "a");
    for (String handling : new String[] {"0", "2", "null"}) {
      Failure failure =
          failure("select pgq_coop.unregister_subconsumer('open', 'main', 'a', " + handling + ")");
      assertThat(failure.message()).isEqualTo("subconsumer has active batch");
      assertThat(failure.state()).isEqualTo("55006");
      assertThat(failure.detail())
          .contains("Queue: open, consumer: main, sub-consumer: a, batch: ");
      assertThat(failure.hint()).isNotBlank();
    }
    assertThat(next("open", "a")).isEqualTo(batch);
  }

  @Test
  void the_others_get_the_events_of_a_batch_that_is_given_up() {
    queue("given up", "a", "b");
    event("given up", "1");
    assertThat(events(next("given up", "a"))).containsExactly("1");
    assertThat(leave("given up", "a", 1)).isEqualTo("1");
    assertThat(value("select pgq.maint_retry_events()")).isEqualTo("1");
    event("given up", "2");
    assertThat(events(next("given up", "b"))).containsExactly("1", "2");
  }
}

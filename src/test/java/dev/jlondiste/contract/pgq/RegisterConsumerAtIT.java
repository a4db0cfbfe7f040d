package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.register_consumer_at")
class RegisterConsumerAtIT extends PgqContract {
  private static final String CALL = "select pgq.register_consumer_at(?, ?, ?)";

  private String queueOfThreeTicks() {
    String queue = queue();
    insertAndTick(queue, "to 2");
    insertAndTick(queue, "to 3");
    return queue;
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "register_consumer_at(x_queue_name text, x_consumer_name text, x_tick_pos bigint)"
                + " returns integer security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void a_consumer_starts_at_the_tick_given() {
    String queue = queueOfThreeTicks();

    assertThat(number(CALL, queue, "c", 1L)).isEqualTo(1);

    assertThat(consume(queue, "c")).containsExactly("to 2");
    assertThat(consume(queue, "c")).containsExactly("to 3");
  }

  @Test
  void without_a_tick_it_starts_at_the_newest() {
    String queue = queueOfThreeTicks();

    assertThat(number(CALL, queue, "c", null)).isEqualTo(1);

    assertThat(position(queue, "c")).containsExactly("3", null, null);
  }

  @Test
  void moving_drops_the_open_batch() {
    String queue = queueOfThreeTicks();
    number(CALL, queue, "c", 2L);
    long dropped = nextBatch(queue, "c");

    assertThat(number(CALL, queue, "c", 1L)).isZero();

    assertThat(position(queue, "c")).containsExactly("1", null, null);
    assertThat(refusal("select * from pgq.get_batch_events(?)", dropped))
        .isEqualTo("batch not found");
    assertThat(nextBatch(queue, "c")).isGreaterThan(dropped);
  }

  @Test
  void moving_is_a_sign_of_life() {
    String queue = queueOfThreeTicks();
    number(CALL, queue, "c", 1L);
    ask("update pgq.subscription set sub_active = '2001-01-01'");

    try (Session consumer = open().begin()) {
      consumer.value(CALL, queue, "c", 2L);
      assertThat(
              consumer.value(
                  "select sub_active = now() from pgq.subscription s join pgq.queue q"
                      + " on q.queue_id = s.sub_queue where q.queue_name = ?",
                  queue))
          .isEqualTo("t");
    }
  }

  @Test
  void without_a_tick_a_registered_one_stays() {
    String queue = queueOfThreeTicks();
    number(CALL, queue, "c", 1L);
    nextBatch(queue, "c");
    List<@Nullable String> before = position(queue, "c");

    assertThat(number(CALL, queue, "c", null)).isZero();

    assertThat(position(queue, "c")).isEqualTo(before);
  }

  @Test
  void the_tick_must_exist() {
    String queue = queueOfThreeTicks();
    number(CALL, queue, "c", 1L);

    Failure failure = failure(CALL, queue, "c", 99L);
    assertThat(failure.message()).isEqualTo("cannot reposition, tick not found: 99");
    // the original gives no hints
    assertThat(failure.hint())
        .isEqualTo(installation().isOurs() ? "ticks are kept for about one rotation period" : null);
    assertThat(refusal(CALL, queue, "new", 99L)).isEqualTo(failure.message());
    assertThat(position(queue, "c")).containsExactly("1", null, null);
  }

  @Test
  void ticks_of_other_queues_do_not_count() {
    queueOfThreeTicks();

    assertThat(refusal(CALL, queue(), "c", 3L)).isEqualTo("cannot reposition, tick not found: 3");
  }

  @Test
  void a_queue_without_ticks_takes_nobody() {
    String queue = queue();
    ask("delete from pgq.tick where tick_queue = ?::int", setting(queue, "queue_id"));

    assertThat(refusal(CALL, queue, "early", null))
        .isEqualTo("No ticks for this queue.  Please run ticker on database.");
    assertThat(column("select co_name from pgq.consumer")).doesNotContain("early");
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal(CALL, "nowhere", "c", 1L)).isEqualTo("Event queue not created yet");
  }

  @Test
  void a_consumer_of_several_queues_is_one_consumer() {
    String one = queue();
    String other = queue();

    assertThat(number(CALL, one, "shared", null)).isEqualTo(1);
    assertThat(number(CALL, other, "shared", 1L)).isEqualTo(1);

    assertThat(number("select count(*) from pgq.consumer where co_name = 'shared'")).isEqualTo(1);
    assertThat(
            number(
                "select count(distinct sub_id) from pgq.subscription s"
                    + " join pgq.consumer c on c.co_id = s.sub_consumer where co_name = 'shared'"))
        .isEqualTo(2);
  }

  @Test
  void two_who_register_one_consumer_take_turns() {
    String one = queue();
    String other = queue();
    number(CALL, one, "busy", null);
    try (Session first = open().begin();
        Session second = open()) {
      first.number(CALL, one, "busy", 1L);
      second.ask("set lock_timeout = '10ms'");

      assertThat(second.failure(CALL, other, "busy", null).state()).isEqualTo("55P03");
    }
  }
}

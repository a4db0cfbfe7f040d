package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.unregister_consumer")
class UnregisterConsumerIT extends PgqContract {
  private static final String CALL = "select pgq.unregister_consumer(?, ?)";

  private long retriesOf(String queue) {
    return number(
        "select count(*) from pgq.retry_queue where ev_queue = ?::int", setting(queue, "queue_id"));
  }

  /** What registering a cooperative consumer leaves: shares the main consumer's sub_id. */
  private void addSubConsumer(String queue, String main, String sub, @Nullable Long batch) {
    subscribe(queue, sub);
    ask(
        """
            update pgq.subscription s
                set sub_id = m.sub_id, sub_batch = ?::int8,
                    sub_last_tick = case when ?::int8 is not null then 1 end,
                    sub_next_tick = case when ?::int8 is not null then 2 end
                from pgq.subscription m
                join pgq.consumer cm on cm.co_id = m.sub_consumer
                join pgq.queue q on q.queue_id = m.sub_queue,
                pgq.consumer cs
                where cs.co_id = s.sub_consumer and m.sub_queue = s.sub_queue
                  and q.queue_name = ? and cm.co_name = ? and cs.co_name = ?
            """,
        batch,
        batch,
        batch,
        queue,
        main,
        sub);
  }

  private List<@Nullable String> consumersOf(String queue) {
    return column("select consumer_name from pgq.get_consumer_info(?)", queue);
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "unregister_consumer(x_queue_name text, x_consumer_name text) returns integer"
                + " security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void the_last_subscription_takes_the_consumer_with_it() {
    String queue = queue();
    subscribe(queue, "gone", "stays");

    assertThat(number(CALL, queue, "gone")).isEqualTo(1);

    assertThat(consumersOf(queue)).containsExactly("stays");
    assertThat(column("select co_name from pgq.consumer")).doesNotContain("gone");
  }

  @Test
  void a_consumer_of_another_queue_stays_there() {
    String left = queue();
    String kept = queue();
    subscribe(left, "two");
    subscribe(kept, "two");

    assertThat(number(CALL, left, "two")).isEqualTo(1);

    assertThat(consumersOf(left)).isEmpty();
    assertThat(consumersOf(kept)).containsExactly("two");
  }

  @Test
  void who_is_not_there_is_zero() {
    String queue = queue();
    assertThat(number(CALL, queue, "nobody")).isZero();
    assertThat(number(CALL, "nowhere", "nobody")).isZero();
    assertThat(number(CALL, null, "nobody")).isZero();
    assertThat(number(CALL, queue, null)).isZero();
  }

  @Test
  void its_retries_go_too() {
    String queue = queue();
    subscribe(queue, "leaves", "stays");
    insertAndTick(queue, "x", "y");
    value("select pgq.batch_retry(?, 60)", nextBatch(queue, "leaves"));
    value("select pgq.batch_retry(?, 60)", nextBatch(queue, "stays"));
    assertThat(retriesOf(queue)).isEqualTo(4);

    number(CALL, queue, "leaves");

    assertThat(retriesOf(queue)).isEqualTo(2);
  }

  @Test
  void an_open_batch_does_not_hold() {
    String queue = queue();
    subscribe(queue, "c");
    insertAndTick(queue, "x");
    nextBatch(queue, "c");

    assertThat(number(CALL, queue, "c")).isEqualTo(1);
    assertThat(consumersOf(queue)).isEmpty();
  }

  @Test
  void an_idle_sub_consumer_leaves_alone() {
    String queue = queue();
    subscribe(queue, "main");
    addSubConsumer(queue, "main", "main.1", null);
    addSubConsumer(queue, "main", "main.2", null);

    assertThat(number(CALL, queue, "main.1")).isEqualTo(1);

    assertThat(consumersOf(queue)).containsExactly("main", "main.2");
  }

  @Test
  void a_busy_sub_consumer_leaves_alone() {
    String queue = queue();
    subscribe(queue, "main");
    addSubConsumer(queue, "main", "main.1", 990099L);

    assertThat(number(CALL, queue, "main.1")).isEqualTo(1);

    assertThat(consumersOf(queue)).containsExactly("main");
  }

  @Test
  void the_main_consumer_takes_its_sub_consumers_with_it() {
    String queue = queue();
    subscribe(queue, "main", "other");
    addSubConsumer(queue, "main", "main.1", null);
    addSubConsumer(queue, "main", "main.2", null);

    assertThat(number(CALL, queue, "main")).isEqualTo(3);

    assertThat(consumersOf(queue)).containsExactly("other");
  }
}

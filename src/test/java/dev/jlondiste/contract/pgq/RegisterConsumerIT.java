package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("pgq.register_consumer")
class RegisterConsumerIT extends PgqContract {
  private static final String CALL = "select pgq.register_consumer(?, ?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "register_consumer(x_queue_name text, x_consumer_id text) returns integer"
                + " security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void a_consumer_starts_at_the_newest_tick() {
    String queue = queue();
    insertAndTick(queue, "before");

    assertThat(number(CALL, queue, "c")).isEqualTo(1);

    assertThat(position(queue, "c")).containsExactly("2", null, null);
    insertAndTick(queue, "after");
    assertThat(consume(queue, "c")).containsExactly("after");
  }

  @Test
  void what_was_not_ticked_yet_is_still_to_come() {
    String queue = queue();
    insert(queue, "pending");

    number(CALL, queue, "c");

    tick(queue);
    assertThat(consume(queue, "c")).containsExactly("pending");
  }

  @Test
  void a_second_time_changes_nothing() {
    String queue = queue();
    number(CALL, queue, "c");
    insertAndTick(queue, "x");
    nextBatch(queue, "c");
    List<@Nullable String> before = position(queue, "c");

    assertThat(number(CALL, queue, "c")).isZero();

    assertThat(position(queue, "c")).isEqualTo(before);
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal(CALL, "nowhere", "stray")).isEqualTo("Event queue not created yet");
    assertThat(refusal(CALL, null, "stray")).isEqualTo("Event queue not created yet");
    assertThat(column("select co_name from pgq.consumer")).doesNotContain("stray");
  }

  @Test
  void a_consumer_needs_a_name() {
    assertThat(failure(CALL, queue(), null).state()).isEqualTo("23502");
  }

  @Test
  void who_may_read_events_may_subscribe() {
    String queue = queue();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.number(CALL, queue, "of a reader")).isEqualTo(1);
    }
    try (Session writer = open().as("pgq_writer")) {
      assertThat(writer.failure(CALL, queue, "of a writer").message())
          .isEqualTo("permission denied for function register_consumer");
    }
  }
}

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
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly(
            "register_consumer(x_queue_name text, x_consumer_id text) returns integer"
                + " security definer");
    assertThat(callers()).isEqualTo(READERS);
  }

  @Test
  void aConsumerStartsAtTheNewestTick() {
    String queue = queue();
    insertAndTick(queue, "before");

    assertThat(number(CALL, queue, "c")).isEqualTo(1);

    assertThat(position(queue, "c")).containsExactly("2", null, null);
    insertAndTick(queue, "after");
    assertThat(consume(queue, "c")).containsExactly("after");
  }

  @Test
  void whatWasNotTickedYetIsStillToCome() {
    String queue = queue();
    insert(queue, "pending");

    number(CALL, queue, "c");

    tick(queue);
    assertThat(consume(queue, "c")).containsExactly("pending");
  }

  @Test
  void aSecondTimeChangesNothing() {
    String queue = queue();
    number(CALL, queue, "c");
    insertAndTick(queue, "x");
    nextBatch(queue, "c");
    List<@Nullable String> before = position(queue, "c");

    assertThat(number(CALL, queue, "c")).isZero();

    assertThat(position(queue, "c")).isEqualTo(before);
  }

  @Test
  void theQueueMustExist() {
    assertThat(refusal(CALL, "nowhere", "stray")).isEqualTo("Event queue not created yet");
    assertThat(refusal(CALL, null, "stray")).isEqualTo("Event queue not created yet");
    assertThat(column("select co_name from pgq.consumer")).doesNotContain("stray");
  }

  @Test
  void aConsumerNeedsAName() {
    assertThat(failure(CALL, queue(), null).state()).isEqualTo("23502");
  }

  @Test
  void whoMayReadEventsMaySubscribe() {
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

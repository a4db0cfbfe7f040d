package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.next_batch")
class NextBatchIT extends CoopContract {
  @Test
  void each_batch_goes_to_one_of_them() {
    queue("each", "a", "b", "c");
    assertThat(next("each", "a")).isNull();
    event("each", "1");
    event("each", "2");
    String first = next("each", "a");
    String second = next("each", "b");
    assertThat(events(first)).containsExactly("1");
    assertThat(events(second)).containsExactly("2");
    assertThat(next("each", "c")).isNull();
    assertThat(next("each", "a")).isEqualTo(first);
    finish(first);
    assertThat(next("each", "a")).isNull();
    assertThat(next("each", "b")).isEqualTo(second);
  }

  @Test
  void who_asks_is_registered() {
    queue("asked");
    assertThat(next("asked", "a")).isNull();
    assertThat(subscriptions("asked"))
        .containsExactly("main shared positioned", "main.a shared idle");
    event("asked", "1");
    assertThat(events(next("asked", "b"))).containsExactly("1");
    assertThat(failure("select pgq_coop.next_batch('nosuch', 'main', 'a')").message())
        .isEqualTo("Event queue not created yet");
    assertThat(failure("select pgq_coop.next_batch('asked', 'main', null)").state())
        .isEqualTo("22023");
  }

  @Test
  void a_dead_ones_batch_is_taken_over() {
    queue("dead", "a", "b");
    event("dead", "1");
    event("dead", "2");
    String batch = next("dead", "a");
    silence("dead", "a", "1 hour");
    assertThat(nextOf("dead", "b", "2 hours")).isNotEqualTo(batch);
    assertThat(nextOf("dead", "c", "30 minutes")).isEqualTo(batch);
    assertThat(events(batch)).containsExactly("1");
    assertThat(subscriptions("dead"))
        .containsExactly(
            "main shared positioned",
            "main.b shared positioned busy",
            "main.c shared positioned busy");
    assertThat(nextOf("dead", "d", "30 minutes")).isNull();
    assertThat(finish(batch)).isEqualTo("1");
  }

  @Test
  void who_asks_again_is_alive() {
    queue("alive", "a", "b");
    event("alive", "1");
    String batch = next("alive", "a");
    silence("alive", "a", "1 hour");
    assertThat(next("alive", "a")).isEqualTo(batch);
    assertThat(nextOf("alive", "b", "30 minutes")).isNull();
  }

  @Test
  void a_batch_that_is_being_finished_is_not_taken() {
    queue("finishing", "a", "b");
    event("finishing", "1");
    String batch = next("finishing", "a");
    silence("finishing", "a", "1 hour");
    try (Session session = open().begin()) {
      finishIn(session, batch);
      assertThat(nextOf("finishing", "b", "30 minutes")).isNull();
      session.commit();
    }
    assertThat(nextOf("finishing", "b", "30 minutes")).isNull();
  }

  @Test
  void retried_events_come_to_any_of_them() {
    queue("retry", "a", "b");
    event("retry", "1");
    String batch = next("retry", "a");
    value(
        "select pgq.event_retry(?::bigint, ev_id, 0) from pgq.get_batch_events(?::bigint)",
        batch,
        batch);
    finish(batch);
    assertThat(value("select pgq.maint_retry_events()")).isEqualTo("1");
    event("retry", "2");
    assertThat(events(next("retry", "b"))).containsExactly("1", "2");
  }

  @Test
  void no_event_is_lost_or_given_twice() throws Exception {
    queue("all", "dead", "w0", "w1", "w2", "w3");
    for (int i = 1; i <= 40; i++) {
      event("all", String.valueOf(i));
    }
    assertThat(next("all", "dead")).isNotNull();
    silence("all", "dead", "1 hour");

    Queue<String> given = new ConcurrentLinkedQueue<>();
    ExecutorService workers = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "w" + i;
      running.add(
          workers.submit(
              () -> {
                try (Session session = open()) {
                  for (String batch = nextIn(session, "all", name, "30 minutes");
                      batch != null;
                      batch = nextIn(session, "all", name, "30 minutes")) {
                    eventsIn(session, batch).forEach(event -> given.add(String.valueOf(event)));
                    assertThat(finishIn(session, batch)).isEqualTo("1");
                  }
                }
              }));
    }
    workers.shutdown();
    for (Future<?> worker : running) {
      worker.get();
    }
    assertThat(given.stream().map(Integer::valueOf).sorted())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 40).boxed().toList());
  }
}

package dev.jlondiste.pgq.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.PgqExtFunctions;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Effects happen exactly once with two processes of one consumer and with lost replies. One hazard
 * per test.
 */
class ExactlyOnceIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  private static void write(Event event, Delivery delivery) throws SQLException {
    Sql.run(delivery.connection(), "insert into effect values (?)", event.data());
  }

  /** Handles every seventh event only at its second delivery. */
  private static void writeOrPutOff(Event event, Delivery delivery) throws SQLException {
    if (event.id() % 7 == 0 && event.retry() == null) {
      delivery.retry(event, Duration.ZERO);
    } else {
      write(event, delivery);
    }
  }

  private static ConsumerBuilder consumer(DataSource queue, String way, DataSource target) {
    ConsumerBuilder builder =
        QueueConsumer.of(queue, "q", "c")
            .pollInterval(Duration.ofMillis(20))
            .backoff(Duration.ofMillis(10), Duration.ofMillis(50));
    return switch (way) {
      case "queue" -> builder;
      case "batch" -> builder.into(target);
      case "event" -> builder.intoEventByEvent(target);
      default -> throw new IllegalArgumentException(way);
    };
  }

  private static void awaitOnce(QueueFixture queue, QueueFixture effects, int events) {
    List<String> expected =
        IntStream.rangeClosed(1, events).mapToObj(String::valueOf).sorted().toList();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              queue.database().execute("select pgq.maint_retry_events()");
              assertThat(effects.effects().stream().sorted().toList()).isEqualTo(expected);
            });
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(queue.position("c")).isEqualTo(queue.lastTick()));
    assertThat(effects.effects()).hasSize(events);
  }

  @ParameterizedTest
  @CsvSource({"9.6, queue", "14, batch", "18, event"})
  @WholeMatrix({"9.6, batch", "9.6, event", "14, queue", "14, event", "18, queue", "18, batch"})
  void three_at_once_do_everything_once(String major, String way) throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.shared(major));
        QueueFixture target = new QueueFixture(Servers.shared(major))) {
      queue.register("c");
      QueueFixture effects = way.equals("queue") ? queue : target;
      ConsumerBuilder builder =
          consumer(queue.dataSource(), way, target.dataSource())
              .handling(ExactlyOnceIT::writeOrPutOff);
      try (TestTicker ticker = new TestTicker(queue.database());
          QueueConsumer one = builder.build();
          QueueConsumer two = builder.build();
          QueueConsumer three = builder.build()) {
        List.of(one, two, three).forEach(QueueConsumer::start);
        for (int i = 0; i < 40; i++) {
          queue.produce(i * 5 + 1, i * 5 + 5);
        }
        awaitOnce(queue, effects, 200);
      }
    }
  }

  /**
   * A delayed process has opened a batch and reaches the target after another process has finished
   * this batch and the next; the target stores only the last batch.
   */
  @ParameterizedTest
  @CsvSource({"9.6, batch", "18, event"})
  @WholeMatrix({"9.6, event", "18, batch"})
  void who_was_held_up_does_not_repeat_an_old_batch(String major, String way) throws Exception {
    try (QueueFixture queue = new QueueFixture(Servers.shared(major));
        QueueFixture target = new QueueFixture(Servers.shared(major))) {
      queue.register("c");
      queue.produce(1, 3);
      queue.tick();
      CountDownLatch arrived = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      DataSource slow =
          TroubledDataSource.holdingUp(
              target.dataSource(),
              () -> {
                arrived.countDown();
                release.await();
              });
      try (QueueConsumer late =
              consumer(queue.dataSource(), way, slow).handling(ExactlyOnceIT::write).build();
          QueueConsumer other =
              consumer(queue.dataSource(), way, target.dataSource())
                  .handling(ExactlyOnceIT::write)
                  .build()) {
        late.start();
        assertThat(arrived.await(90, TimeUnit.SECONDS)).isTrue();
        other.start();
        awaitOnce(queue, target, 3);
        queue.produce(4, 6);
        queue.tick();
        awaitOnce(queue, target, 6);
        other.stop();
        release.countDown();
        queue.produce(7, 9); // only the delayed process is left to handle these
        queue.tick();
        awaitOnce(queue, target, 9);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"9.6, queue", "18, event"})
  @WholeMatrix({"9.6, batch", "18, queue", "18, batch"})
  void a_lost_reply_to_a_commit_does_no_harm(String major, String way) throws SQLException {
    AtomicInteger lost = new AtomicInteger();
    try (QueueFixture queue = new QueueFixture(Servers.shared(major));
        QueueFixture target = new QueueFixture(Servers.shared(major))) {
      queue.register("c");
      QueueFixture effects = way.equals("queue") ? queue : target;
      DataSource shaky = TroubledDataSource.losingReplies(queue.dataSource(), 3, lost);
      DataSource shakyTarget = TroubledDataSource.losingReplies(target.dataSource(), 2, lost);
      try (TestTicker ticker = new TestTicker(queue.database());
          QueueConsumer consumer =
              consumer(shaky, way, shakyTarget).handling(ExactlyOnceIT::writeOrPutOff).build()) {
        consumer.start();
        for (int i = 0; i < 30; i++) {
          queue.produce(i * 5 + 1, i * 5 + 5);
        }
        awaitOnce(queue, effects, 150);
      }
      assertThat(lost).hasValueGreaterThan(5);
    }
  }

  /**
   * The effects are committed but the batch is not finished in the queue; the next process finishes
   * it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"batch", "event"})
  void a_retry_is_not_lost_if_the_batch_was_not_finished_in_the_queue(String way)
      throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.newest());
        QueueFixture target = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue.produce(1, 20);
      queue.tick();
      AtomicBoolean handled = new AtomicBoolean();
      EventHandler last =
          (event, delivery) -> {
            writeOrPutOff(event, delivery);
            if (java.util.Objects.equals(event.data(), "20")) {
              handled.set(true);
              queue.database().killConnections();
            }
          };
      try (QueueConsumer consumer =
          consumer(queue.dataSource(), way, target.dataSource())
              .handling(
                  (event, delivery) -> {
                    if (handled.get()) {
                      writeOrPutOff(event, delivery);
                    } else {
                      last.handle(event, delivery);
                    }
                  })
              .build()) {
        consumer.start();
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(queue.position("c")).isEqualTo(queue.lastTick()));
        assertThat(handled).isTrue();
        assertThat(queue.database().count("pgq.retry_queue")).isEqualTo(2);
        queue.moveRetries();
        queue.tick();
        awaitOnce(queue, target, 20);
      }
    }
  }

  /** Calls the SQL functions directly, as consumers without this library do. */
  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"14"})
  void a_session_that_waited_learns_that_the_other_has_done_it(String major) throws Exception {
    try (TestDatabase target = Servers.shared(major).createDatabase();
        Connection one = target.connect();
        Connection two = target.connect()) {
      target.load(Path.of("sql/pgq_ext/install.sql"));
      one.setAutoCommit(false);
      for (int batch = 1; batch <= 2; batch++) { // the row is new, and then it is there
        int id = batch;
        assertThat(PgqExtFunctions.setBatchDone(one, "c", id)).isTrue();
        CompletableFuture<Boolean> second =
            inOtherThread(() -> PgqExtFunctions.setBatchDone(two, "c", id));
        awaitWaiting(target);
        one.commit();
        assertThat(second.get(90, TimeUnit.SECONDS)).isFalse();
        assertThat(PgqExtFunctions.setEventDone(one, "c", "", id, 7)).isTrue();
        second = inOtherThread(() -> PgqExtFunctions.setEventDone(two, "c", "", id, 7));
        awaitWaiting(target);
        one.commit();
        assertThat(second.get(90, TimeUnit.SECONDS)).isFalse();
      }
      assertThat(PgqExtFunctions.isBatchDone(two, "c", 2)).isTrue();
      assertThat(PgqExtFunctions.isBatchDone(two, "c", 1)).isFalse();
      assertThat(PgqExtFunctions.eventsDone(two, "c", "", 2, List.of(6L, 7L, 8L)))
          .containsExactly(7L);
    }
  }

  private interface Question {
    boolean ask() throws SQLException;
  }

  private static CompletableFuture<Boolean> inOtherThread(Question question) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return question.ask();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitWaiting(TestDatabase database) {
    await()
        .atMost(SOON)
        .until(
            () ->
                database.number(
                        "select count(*) from pg_locks l join pg_stat_activity a using (pid) where"
                            + " not l.granted and a.datname = current_database()")
                    == 1);
  }
}

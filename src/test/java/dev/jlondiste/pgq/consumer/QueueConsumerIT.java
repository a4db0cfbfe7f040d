package dev.jlondiste.pgq.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.db.Sql;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import dev.jlondiste.servers.WholeMatrix;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueConsumerIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Records the calls of a listener. */
  private static final class Told implements ConsumerListener {
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();

    @Override
    public void batchDone(Batch batch, long count, Duration took) {
      events.addAndGet(count);
      batches.incrementAndGet();
    }

    @Override
    public void failed(Exception failure, Duration pause) {
      failures.add(failure);
    }
  }

  private static void write(Event event, Delivery delivery) throws SQLException {
    Sql.run(delivery.connection(), "insert into effect values (?)", event.data());
  }

  private static ConsumerBuilder consumer(QueueFixture queue) {
    return QueueConsumer.of(queue.dataSource(), "q", "c")
        .registering()
        .pollInterval(Duration.ofMillis(50))
        .backoff(Duration.ofMillis(20), Duration.ofMillis(200));
  }

  /** Every way to commit, with the queue and the target in the same database. */
  private static ConsumerBuilder committing(String way, QueueFixture queue, QueueFixture target) {
    return switch (way) {
      case "queue" -> consumer(queue);
      case "batch" -> consumer(queue).into(target.dataSource());
      case "event" -> consumer(queue).intoEventByEvent(target.dataSource());
      default -> throw new IllegalArgumentException(way);
    };
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
  }

  private static void awaitEffects(QueueFixture target, List<String> expected) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(target.effects()).containsExactlyInAnyOrderElementsOf(expected));
  }

  private static void awaitCaughtUp(QueueFixture queue) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(queue.position("c")).isEqualTo(queue.lastTick()));
  }

  private static void awaitRegistered(QueueFixture queue) {
    await()
        .atMost(SOON)
        .until(() -> queue.database().number("select count(*) from pgq.subscription") == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"14"})
  void registers_itself_and_sees_what_comes_after(String major) throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.shared(major));
        QueueConsumer consumer = consumer(queue).handling(QueueConsumerIT::write).build()) {
      queue.produce(1, 5);
      queue.tick();
      consumer.start();
      awaitRegistered(queue);
      queue.produce(6, 10);
      queue.tick();
      awaitEffects(queue, numbers(6, 10));
      awaitCaughtUp(queue);
    }
  }

  @Test
  void registers_at_the_requested_position_and_never_moves_a_registered_consumer()
      throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("other");
      long start = queue.lastTick();
      queue.produce(1, 3);
      queue.tick();
      ConsumerBuilder like = consumer(queue).registeringLike("other");
      try (QueueConsumer consumer = like.handling(QueueConsumerIT::write).build()) {
        consumer.start();
        awaitEffects(queue, numbers(1, 3));
        awaitCaughtUp(queue);
      }
      queue.produce(4, 6);
      queue.tick();
      ConsumerBuilder at = consumer(queue).registeringAt(start);
      try (QueueConsumer consumer = at.handling(QueueConsumerIT::write).build()) {
        consumer.start();
        awaitEffects(queue, numbers(1, 6));
        awaitCaughtUp(queue);
      }
    }
  }

  @Test
  void an_unregistered_consumer_fails_until_it_is_registered() throws SQLException {
    Told told = new Told();
    try (QueueFixture queue = new QueueFixture(Servers.newest());
        QueueConsumer consumer =
            QueueConsumer.of(queue.dataSource(), "q", "c")
                .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .listener(told)
                .handling(QueueConsumerIT::write)
                .build()) {
      consumer.start();
      await().atMost(SOON).until(() -> !told.failures.isEmpty());
      assertThat(told.failures.peek()).hasMessageContaining("q/c");
      queue.register("c");
      queue.produce(1, 2);
      queue.tick();
      awaitEffects(queue, numbers(1, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"14"})
  void a_failing_handler_leaves_nothing_and_gets_the_batch_again(String major) throws SQLException {
    for (String way : List.of("queue", "batch", "event")) {
      Told told = new Told();
      AtomicInteger failures = new AtomicInteger();
      EventHandler failing =
          (event, delivery) -> {
            write(event, delivery);
            if (Objects.equals(event.data(), "3") && failures.incrementAndGet() <= 3) {
              throw new IllegalStateException("no luck with 3");
            }
          };
      try (QueueFixture queue = new QueueFixture(Servers.shared(major));
          QueueFixture target = new QueueFixture(Servers.shared(major))) {
        queue.register("c");
        queue.produce(1, 5);
        queue.tick();
        try (QueueConsumer consumer =
            committing(way, queue, target).listener(told).handling(failing).build()) {
          consumer.start();
          QueueFixture effects = way.equals("queue") ? queue : target;
          awaitEffects(effects, numbers(1, 5));
          awaitCaughtUp(queue);
        }
        assertThat(told.failures)
            .as(way)
            .hasSize(3)
            .allSatisfy(
                failure ->
                    assertThat(failure)
                        .isInstanceOf(HandlerFailure.class)
                        .hasMessageContaining("event 3")
                        .hasMessageContaining("no luck with 3"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"14"})
  void an_event_that_is_put_off_comes_back_alone(String major) throws SQLException {
    for (String way : List.of("queue", "batch", "event")) {
      ConcurrentLinkedQueue<String> deliveries = new ConcurrentLinkedQueue<>();
      EventHandler later =
          (event, delivery) -> {
            deliveries.add(event.data() + "/" + event.retry());
            if (Objects.equals(event.data(), "2") && event.retry() == null) {
              delivery.retry(event, Duration.ZERO);
            } else if (Objects.equals(event.data(), "3") && event.retry() == null) {
              delivery.retryAt(event, event.insertedAt());
            } else {
              write(event, delivery);
            }
          };
      try (QueueFixture queue = new QueueFixture(Servers.shared(major));
          QueueFixture target = new QueueFixture(Servers.shared(major))) {
        queue.register("c");
        queue.produce(1, 4);
        queue.tick();
        QueueFixture effects = way.equals("queue") ? queue : target;
        try (QueueConsumer consumer = committing(way, queue, target).handling(later).build()) {
          consumer.start();
          awaitEffects(effects, List.of("1", "4"));
          awaitCaughtUp(queue);
          queue.moveRetries();
          queue.tick();
          awaitEffects(effects, numbers(1, 4));
          awaitCaughtUp(queue);
        }
        assertThat(deliveries)
            .as(way)
            .containsExactlyInAnyOrder("1/null", "2/null", "3/null", "4/null", "2/1", "3/1");
      }
    }
  }

  /** As much text as fits into the heap of this JVM. */
  @Test
  void a_batch_is_streamed() throws SQLException {
    int events = 20_000;
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue
          .database()
          .execute(
              "select pgq.insert_event('q', 'number', i || repeat('x', 50000)) from"
                  + " generate_series(1, "
                  + events
                  + ") i");
      queue.tick();
      AtomicLong last = new AtomicLong();
      AtomicLong size = new AtomicLong();
      Told told = new Told();
      EventHandler measuring =
          (event, delivery) -> {
            assertThat(event.id()).isGreaterThan(last.getAndSet(event.id()));
            size.addAndGet(event.requiredData().length());
          };
      try (QueueConsumer consumer = consumer(queue).listener(told).handling(measuring).build()) {
        consumer.start();
        await().atMost(Duration.ofMinutes(3)).until(() -> told.events.get() >= events);
      }
      assertThat(told.failures).isEmpty();
      assertThat(told.batches).hasValue(1);
      assertThat(size).hasValueGreaterThan(1_000_000_000L);
    }
  }

  @Test
  void a_filter_and_limits_determine_the_batches() throws SQLException {
    Told told = new Told();
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      for (int i = 1; i <= 5; i++) {
        queue.produce(i * 10, i * 10 + 9);
        queue.tick();
      }
      try (QueueConsumer consumer =
          consumer(queue)
              .listener(told)
              .batches(BatchLimits.atLeast(1, null))
              .onlyWhere("ev_data like '%5'")
              .handling(QueueConsumerIT::write)
              .build()) {
        consumer.start();
        awaitEffects(queue, List.of("15", "25", "35", "45", "55"));
      }
    }
  }

  @Test
  void the_handler_cannot_end_the_transaction() throws SQLException {
    List<EventHandler> wrongs =
        List.of(
            (event, delivery) -> delivery.connection().commit(),
            (event, delivery) -> delivery.connection().rollback(),
            (event, delivery) -> delivery.connection().setAutoCommit(true),
            (event, delivery) -> Sql.run(delivery.connection(), "rollback"),
            (event, delivery) -> {
              try {
                Sql.run(delivery.connection(), "select 1/0");
              } catch (SQLException swallowed) {
                assertThat(swallowed.getSQLState()).isEqualTo("22012");
              }
            });
    for (String way : List.of("queue", "batch", "event")) {
      try (QueueFixture queue = new QueueFixture(Servers.newest());
          QueueFixture target = new QueueFixture(Servers.newest())) {
        QueueFixture effects = way.equals("queue") ? queue : target;
        queue.register("c");
        for (int i = 1; i <= wrongs.size(); i++) {
          EventHandler wrong = wrongs.get(i - 1);
          Told told = new Told();
          EventHandler onceWrong =
              (event, delivery) -> {
                write(event, delivery);
                if (told.failures.isEmpty()) {
                  wrong.handle(event, delivery);
                }
              };
          queue.produce(i, i);
          queue.tick();
          try (QueueConsumer consumer =
              committing(way, queue, target).listener(told).handling(onceWrong).build()) {
            consumer.start();
            awaitEffects(effects, numbers(1, i));
            awaitCaughtUp(queue);
          }
          assertThat(told.failures).as(way + " " + i).hasSize(1);
        }
      }
    }
  }

  @Test
  void a_handler_may_close_its_connection_and_use_the_driver() throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue.produce(1, 3);
      queue.tick();
      EventHandler closing =
          (event, delivery) -> {
            try (Connection db = delivery.connection()) {
              db.unwrap(org.postgresql.PGConnection.class);
              Sql.run(db, "insert into effect values (?)", event.data());
            }
          };
      try (QueueConsumer consumer = consumer(queue).handling(closing).build()) {
        consumer.start();
        awaitEffects(queue, numbers(1, 3));
      }
    }
  }

  /** Without a time limit: the batch never ends by itself. */
  @ParameterizedTest
  @ValueSource(strings = {"queue", "batch", "event"})
  void a_stop_tears_a_handler_out_of_its_batch(String way) throws Exception {
    try (QueueFixture queue = new QueueFixture(Servers.newest());
        QueueFixture target = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue.produce(1, 3);
      queue.tick();
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch never = new CountDownLatch(1);
      EventHandler hanging =
          (event, delivery) -> {
            write(event, delivery);
            inside.countDown();
            never.await();
          };
      QueueConsumer consumer =
          committing(way, queue, target).stopGrace(Duration.ZERO).handling(hanging).build();
      consumer.start();
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(consumer.isRunning()).isTrue();
      consumer.stop();
      assertThat(consumer.isRunning()).isFalse();
      assertThat(queue.effects()).isEmpty();
      assertThat(target.effects()).isEmpty();
      assertThat(queue.position("c")).isLessThan(queue.lastTick());
      await()
          .atMost(SOON)
          .until(
              () ->
                  queue
                          .database()
                          .number(
                              "select count(*) from pg_stat_activity where datname ="
                                  + " current_database() and pid <> pg_backend_pid()")
                      == 0);
    }
  }

  @Test
  void a_stop_lets_the_batch_end() throws Exception {
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue.produce(1, 3);
      queue.tick();
      queue.produce(4, 6);
      queue.tick();
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      EventHandler slow =
          (event, delivery) -> {
            inside.countDown();
            goOn.await();
            write(event, delivery);
          };
      QueueConsumer consumer = consumer(queue).handling(slow).build();
      consumer.start();
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
      consumer.requestStop();
      assertThat(consumer.isRunning()).isTrue();
      goOn.countDown();
      await().atMost(SOON).until(() -> !consumer.isRunning());
      assertThat(queue.effects()).containsExactlyInAnyOrderElementsOf(numbers(1, 3));
      consumer.start();
      awaitEffects(queue, numbers(1, 6));
      consumer.stop();
      assertThat(consumer.isRunning()).isFalse();
    }
  }

  @Test
  void a_handler_may_stop_its_consumer() throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue.produce(1, 2);
      queue.tick();
      List<QueueConsumer> self = new ArrayList<>();
      self.add(
          consumer(queue)
              .handling(
                  (event, delivery) -> {
                    write(event, delivery);
                    self.get(0).stop();
                  })
              .build());
      self.get(0).run(); // returns, or the test hangs
      assertThat(self.get(0).isRunning()).isFalse();
      assertThat(queue.effects()).containsExactlyInAnyOrder("1", "2");
    }
  }

  @Test
  void runs_in_the_threads_of_an_executor() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      QueueConsumer consumer = consumer(queue).handling(QueueConsumerIT::write).build();
      Future<?> run = executor.submit(consumer);
      awaitRegistered(queue);
      assertThatThrownBy(consumer::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("q/c is running already");
      consumer.start(); // does nothing
      consumer.stop();
      run.get(60, TimeUnit.SECONDS);
      assertThat(consumer.isRunning()).isFalse();
      Future<?> again = executor.submit(consumer);
      await().atMost(SOON).until(consumer::isRunning);
      executor.shutdownNow(); // an interrupt also ends it
      again.get(60, TimeUnit.SECONDS);
      assertThat(consumer.isRunning()).isFalse();
    } finally {
      executor.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"14"})
  void goes_on_after_the_server_was_restarted(String major) throws SQLException {
    TestServer server = Servers.shared(major);
    for (String way : List.of("queue", "batch", "event")) {
      Told told = new Told();
      try (QueueFixture queue = new QueueFixture(server);
          QueueFixture target = new QueueFixture(server)) {
        queue.register("c");
        try (QueueConsumer consumer =
            committing(way, queue, target)
                .listener(told)
                .handling(QueueConsumerIT::write)
                .build()) {
          QueueFixture effects = way.equals("queue") ? queue : target;
          consumer.start();
          queue.produce(1, 10);
          queue.tick();
          awaitEffects(effects, numbers(1, 10));
          server.stop();
          await().atMost(SOON).until(() -> !told.failures.isEmpty());
          server.start();
          queue.produce(11, 20);
          queue.tick();
          awaitEffects(effects, numbers(1, 20));
          awaitCaughtUp(queue);
        }
      }
    }
  }

  /** The next poll is an hour away. */
  @Test
  void a_tick_is_heard() throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      try (QueueConsumer consumer =
          QueueConsumer.of(queue.dataSource(), "q", "c")
              .pollInterval(Duration.ofHours(1))
              .handling(QueueConsumerIT::write)
              .build()) {
        consumer.start();
        for (int i = 1; i <= 3; i++) {
          queue.produce(i, i);
          queue.tick();
          awaitEffects(queue, numbers(1, i));
        }
      }
    }
  }

  @Test
  void who_only_polls_takes_no_connection_to_listen() throws SQLException {
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      try (QueueConsumer consumer =
          consumer(queue).pollingOnly().handling(QueueConsumerIT::write).build()) {
        consumer.start();
        queue.produce(1, 2);
        queue.tick();
        awaitEffects(queue, numbers(1, 2));
        assertThat(
                queue
                    .database()
                    .number("select count(*) from pg_stat_activity where query ilike 'listen%'"))
            .isZero();
      }
    }
  }

  @Test
  void metrics_tell_what_was_done() throws SQLException {
    Meters meters = new Meters();
    AtomicInteger calls = new AtomicInteger();
    try (QueueFixture queue = new QueueFixture(Servers.newest())) {
      queue.register("c");
      queue.produce(1, 7);
      queue.tick();
      try (QueueConsumer consumer =
          consumer(queue)
              .listener(new ConsumerMeters(meters, "q/c"))
              .handling(
                  (event, delivery) -> {
                    if (calls.incrementAndGet() == 1) {
                      throw new IllegalStateException("first");
                    }
                  })
              .build()) {
        consumer.start();
        awaitCaughtUp(queue);
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(meters.values())
                        .containsEntry("jlondiste.events{consumer=q/c}", 7.0)
                        .containsEntry("jlondiste.failures{consumer=q/c}", 1.0)
                        .containsKey("jlondiste.lag.seconds{consumer=q/c}"));
      }
    }
  }

  @Test
  void what_cannot_work_is_refused_when_it_is_built() {
    ConsumerBuilder bare = QueueConsumer.of(new org.postgresql.ds.PGSimpleDataSource(), "q", "c");
    assertThatThrownBy(bare::build).hasMessageContaining("q/c has no handler");
    bare.handlingBatches((events, delivery) -> {})
        .intoEventByEvent(new org.postgresql.ds.PGSimpleDataSource());
    assertThatThrownBy(bare::build).hasMessageContaining("event by event");
    assertThatThrownBy(() -> bare.fetchSize(0)).hasMessageContaining("fetch size 0");
    assertThatThrownBy(() -> bare.pollInterval(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> bare.backoff(Duration.ZERO, Duration.ZERO))
        .hasMessageContaining("backoff");
    assertThatThrownBy(() -> QueueConsumer.of(new org.postgresql.ds.PGSimpleDataSource(), "", "c"))
        .hasMessageContaining("empty name");
  }
}

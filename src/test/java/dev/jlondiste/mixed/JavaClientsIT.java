package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.NewEvent;
import dev.jlondiste.pgq.consumer.Delivery;
import dev.jlondiste.pgq.consumer.QueueConsumer;
import dev.jlondiste.pgq.producer.BulkLoad;
import dev.jlondiste.pgq.producer.QueueProducer;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Consumers and producers of our library on the original's database code. */
class JavaClientsIT {
  private static final int EVENTS = 300;
  private static final String SEEN = "create table seen (data text)";

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @Test
  void every_event_is_seen_once() throws SQLException {
    try (TestDatabase queue = Reference.createDatabase();
        TestDatabase target = Servers.newest().createDatabase()) {
      queue.execute("select pgq.create_queue('q')");
      queue.execute("select pgq.set_queue_config('q', 'ticker_max_lag', '0.1')");
      queue.execute(SEEN);
      target.load(Path.of("sql/pgq_ext/install.sql"));
      target.execute(SEEN);
      try (TestTicker ticker = new TestTicker(queue);
          QueueConsumer here =
              QueueConsumer.of(source(queue), "q", "here")
                  .registering()
                  .handling(JavaClientsIT::putOffOrWrite)
                  .build();
          QueueConsumer there =
              QueueConsumer.of(source(queue), "q", "there")
                  .registering()
                  .into(source(target))
                  .handling(JavaClientsIT::putOffOrWrite)
                  .build()) {
        here.start();
        there.start();
        await().until(() -> queue.count("pgq.get_consumer_info('q')") == 2);
        produce(queue);
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () -> {
                  queue.rows("select pgq.maint_retry_events()");
                  assertThat(queue.count("seen")).isGreaterThanOrEqualTo(EVENTS);
                  assertThat(target.count("seen")).isGreaterThanOrEqualTo(EVENTS);
                });
      }
      for (TestDatabase database : List.of(queue, target)) {
        assertThat(database.column("select data from seen order by data::int"))
            .containsExactlyElementsOf(
                IntStream.rangeClosed(1, EVENTS).mapToObj(String::valueOf).toList());
      }
    }
  }

  /** A third each singly, in arrays, and by COPY. */
  private static void produce(TestDatabase queue) throws SQLException {
    QueueProducer producer = new QueueProducer("q");
    try (Connection db = queue.connect()) {
      db.setAutoCommit(false);
      for (NewEvent event : events(1)) {
        producer.insert(db, event);
      }
      producer.insertAll(db, events(1 + EVENTS / 3));
      try (BulkLoad load = producer.bulk(db)) {
        assertThat(load.isCopying()).isTrue();
        for (NewEvent event : events(1 + EVENTS / 3 * 2)) {
          load.write(event);
        }
      }
      db.commit();
    }
  }

  private static List<NewEvent> events(int from) {
    return IntStream.range(from, from + EVENTS / 3)
        .mapToObj(n -> NewEvent.of("number", String.valueOf(n)))
        .toList();
  }

  private static void putOffOrWrite(Event event, Delivery delivery) throws SQLException {
    if (event.retry() == null && event.id() % 7 == 0) {
      delivery.retry(event, Duration.ZERO);
      return;
    }
    try (PreparedStatement insert =
        delivery.connection().prepareStatement("insert into seen values (?)")) {
      insert.setString(1, event.data());
      insert.executeUpdate();
    }
  }

  private static DataSource source(TestDatabase database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(database.jdbcUrl());
    return source;
  }
}

package dev.jlondiste.pgq.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventReader;
import dev.jlondiste.pgq.NewEvent;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueProducerIT {
  private static final NewEvent ODD =
      new NewEvent("odd", "tab\t line\n back\\slash \\N {a,\"b\"} é", "", "null", null, "\r");

  private final QueueProducer producer = new QueueProducer("q");

  private static TestDatabase queue(String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.load(Path.of("sql/pgq/install.sql"));
    database.execute("select pgq.create_queue('q'); select pgq.register_consumer('q', 'c')");
    return database;
  }

  private static List<Event> batch(TestDatabase database) throws SQLException {
    database.execute("select pgq.force_tick('q')");
    database.execute("select pgq.ticker('q')");
    List<Event> events = new ArrayList<>();
    try (Connection db = database.connect()) {
      db.setAutoCommit(false);
      Batch batch = PgqFunctions.nextBatch(db, "q", "c", BatchLimits.NEXT_TICK).orElseThrow();
      EventReader reader = EventReader.open(db, batch, 100, null);
      for (Optional<Event> next = reader.next(); next.isPresent(); next = reader.next()) {
        events.add(next.get());
      }
      PgqFunctions.finishBatch(db, batch.id());
      db.commit();
    }
    return events;
  }

  private static NewEvent content(Event event) {
    return new NewEvent(
        event.type(), event.data(), event.extra1(), event.extra2(), event.extra3(), event.extra4());
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "14", "18"})
  void events_arrive_as_they_were_and_in_order(String major) throws SQLException {
    List<NewEvent> many = new ArrayList<>();
    for (int i = 0; i < 1234; i++) {
      many.add(i % 100 == 0 ? ODD : NewEvent.of("number", String.valueOf(i)));
    }
    try (TestDatabase database = queue(major);
        Connection db = database.connect()) {
      db.setAutoCommit(false);
      long first = producer.insert(db, ODD);
      long second = producer.insert(db, "plain", null);
      List<Long> ids = producer.insertAll(db, many);
      db.commit();
      try (BulkLoad load = producer.bulk(db)) {
        assertThat(load.isCopying()).isTrue();
        for (NewEvent event : many) {
          load.write(event);
        }
      }
      db.commit();
      List<Event> events = batch(database);
      assertThat(events.subList(0, 2)).extracting(Event::id).containsExactly(first, second);
      assertThat(events.subList(0, 2))
          .extracting(QueueProducerIT::content)
          .containsExactly(ODD, NewEvent.of("plain", null));
      assertThat(events.subList(2, 1236)).extracting(Event::id).isEqualTo(ids);
      assertThat(events.subList(2, 1236)).extracting(QueueProducerIT::content).isEqualTo(many);
      assertThat(events.subList(1236, 2470)).extracting(QueueProducerIT::content).isEqualTo(many);
      assertThat(events).hasSize(2470).allSatisfy(event -> assertThat(event.retry()).isNull());
    }
  }

  @Test
  void what_is_rolled_back_was_never_there() throws SQLException {
    try (TestDatabase database = queue("18");
        Connection db = database.connect()) {
      db.setAutoCommit(false);
      producer.insert(db, "a", "1");
      producer.insertAll(db, List.of(NewEvent.of("a", "2")));
      try (BulkLoad load = producer.bulk(db)) {
        load.write(NewEvent.of("a", "3"));
      }
      db.rollback();
      assertThat(batch(database)).isEmpty();
    }
  }

  /**
   * The table name is read before the rotation and the events are written after it: consumers must
   * still receive them.
   */
  @Test
  void a_bulk_load_survives_a_rotation() throws SQLException {
    try (TestDatabase database = queue("18");
        Connection db = database.connect()) {
      database.execute("update pgq.queue set queue_rotation_period = '0'");
      db.setAutoCommit(false);
      try (BulkLoad load = producer.bulk(db)) {
        // The next rotation requires that the consumer has passed the last one.
        batch(database);
        database.execute("select pgq.maint_rotate_tables_step1('q')");
        database.execute("select pgq.maint_rotate_tables_step2()");
        assertThat(database.number("select queue_cur_table from pgq.queue")).isEqualTo(1);
        batch(database);
        load.write(NewEvent.of("late", "1"));
      }
      db.commit();
      assertThat(batch(database)).extracting(Event::type).containsExactly("late");
    }
  }

  /** The default privileges allow a writer to insert, but not to copy. */
  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_writer_without_the_right_to_copy_inserts(String major) throws SQLException {
    try (TestDatabase database = queue(major)) {
      database.execute(
          "do $$ begin if not exists (select 1 from pg_roles where rolname = 'plain_writer') then"
              + " create role plain_writer login; end if; end $$;"
              + " grant pgq_writer to plain_writer");
      try (Connection db =
          DriverManager.getConnection(
              database.jdbcUrl().replace("user=postgres", "user=plain_writer"))) {
        db.setAutoCommit(false);
        try (BulkLoad load = producer.bulk(db)) {
          assertThat(load.isCopying()).isFalse();
          for (int i = 0; i < 1201; i++) {
            load.write(NewEvent.of("number", String.valueOf(i)));
          }
        }
        db.commit();
      }
      assertThat(batch(database)).hasSize(1201);
    }
  }

  @Test
  void what_the_server_refuses_names_the_queue() throws SQLException {
    try (TestDatabase database = queue("18");
        Connection db = database.connect()) {
      QueueProducer unknown = new QueueProducer("nowhere");
      assertThatThrownBy(() -> unknown.insert(db, "a", null))
          .hasMessageContaining("queue 'nowhere'")
          .hasMessageContaining("No such queue");
      assertThatThrownBy(() -> producer.bulk(db)).hasMessageContaining("setAutoCommit(false)");
      db.setAutoCommit(false);
      assertThatThrownBy(() -> unknown.bulk(db)).hasMessageContaining("queue 'nowhere'");
      db.rollback();
      database.execute("update pgq.queue set queue_disable_insert = true");
      assertThatThrownBy(() -> producer.insert(db, "a", null))
          .hasMessageContaining("queue 'q'")
          .hasMessageContaining("disallowed");
      db.rollback();
      assertThatThrownBy(() -> producer.bulk(db))
          .hasMessageContaining("queue 'q'")
          .hasMessageContaining("disabled");
      db.rollback();
    }
  }
}

package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.NewEvent;
import dev.jlondiste.pgq.producer.QueueProducer;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database with queue {@code q}, table {@code effect(event text)} and schema {@code pgq_ext}:
 * queue, target, or both.
 */
final class QueueFixture implements AutoCloseable {
  private final TestDatabase database;
  private final QueueProducer producer = new QueueProducer("q");

  QueueFixture(TestServer server) {
    database = server.createDatabase();
    database.load(Path.of("sql/pgq/install.sql"));
    database.load(Path.of("sql/pgq_ext/install.sql"));
    database.execute("select pgq.create_queue('q')");
    database.execute("select pgq.set_queue_config('q', 'ticker_max_lag', '0.01')");
    database.execute("create table effect (event text not null)");
  }

  TestDatabase database() {
    return database;
  }

  /** Opens separate sessions, as an application's pool does. */
  DataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(database.jdbcUrl());
    return source;
  }

  void register(String consumer) {
    database.execute("select pgq.register_consumer('q', '" + consumer + "')");
  }

  /** Inserts events with data FROM to TO in one transaction. */
  void produce(int from, int to) throws SQLException {
    List<NewEvent> events = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      events.add(NewEvent.of("number", String.valueOf(i)));
    }
    try (Connection db = database.connect()) {
      producer.insertAll(db, events);
    }
  }

  /** Creates a tick, in a separate session because its snapshot must see the events. */
  void tick() {
    database.execute("select pgq.force_tick('q')");
    database.execute("select pgq.ticker('q')");
  }

  /** The rows that handlers wrote, in no particular order. */
  List<String> effects() {
    List<String> effects = new ArrayList<>();
    database.column("select event from effect").forEach(event -> effects.add(event));
    return effects;
  }

  long position(String consumer) {
    return database.number("select last_tick from pgq.get_consumer_info('q', ?)", consumer);
  }

  long lastTick() {
    return database.number("select max(tick_id) from pgq.tick");
  }

  /** Inserts retried events as the ticker does. */
  void moveRetries() {
    database.execute("select pgq.maint_retry_events()");
  }

  @Override
  public void close() {
    database.close();
  }
}

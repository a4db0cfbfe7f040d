package dev.jlondiste.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.jlondiste.pgq.consumer.QueueConsumer;
import dev.jlondiste.servers.TestDatabase;
import java.util.concurrent.atomic.AtomicLong;

/** A registered consumer that discards its batches; works with PgQ of both implementations. */
final class QueueDrain implements ChangeReader {
  private static final String CONSUMER = "discard";

  /** One connection for all batches, because connecting would cost more than a batch. */
  private final HikariDataSource source = new HikariDataSource();

  private final QueueConsumer consumer;
  private final AtomicLong changes = new AtomicLong();

  /** Registers the consumer at the newest tick. */
  QueueDrain(TestDatabase database, String queue) {
    source.setJdbcUrl(database.jdbcUrl());
    source.setMaximumPoolSize(2);
    database.rows("select pgq.register_consumer(?, ?)", queue, CONSUMER);
    consumer =
        QueueConsumer.of(source, queue, CONSUMER)
            .onlyWhere("ev_extra1 like 'public.%'")
            .handling((event, delivery) -> changes.incrementAndGet())
            .build();
  }

  void start() {
    consumer.start();
  }

  @Override
  public long changes() {
    return changes.get();
  }

  @Override
  public void close() {
    consumer.close();
    source.close();
  }
}

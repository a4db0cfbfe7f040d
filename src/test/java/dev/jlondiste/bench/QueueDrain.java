package dev.jlondiste.bench;

import dev.jlondiste.pgq.consumer.QueueConsumer;
import dev.jlondiste.servers.TestDatabase;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.ds.PGSimpleDataSource;

/** A registered consumer that throws batches away; the same for every queue, whoever made it. */
final class QueueDrain implements ChangeReader {
  private static final String CONSUMER = "discard";

  private final QueueConsumer consumer;
  private final AtomicLong changes = new AtomicLong();

  /** Registers: from the next tick on everything is kept for it. */
  QueueDrain(TestDatabase database, String queue) {
    PGSimpleDataSource address = new PGSimpleDataSource();
    address.setUrl(database.jdbcUrl());
    database.rows("select pgq.register_consumer(?, ?)", queue, CONSUMER);
    consumer =
        QueueConsumer.of(address, queue, CONSUMER)
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
  }
}

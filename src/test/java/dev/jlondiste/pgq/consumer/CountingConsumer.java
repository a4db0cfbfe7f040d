package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.RowChangeReader;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process that records each order in the target, in a transaction per batch or per event, and
 * retries every seventh order once. The records show what took effect.
 */
public final class CountingConsumer {
  private CountingConsumer() {}

  /**
   * Arguments: name of the consumer and the table; {@code batch} or {@code event}; two JDBC URLs.
   */
  public static void main(String[] args) {
    String table = args[0];
    PGSimpleDataSource shop = new PGSimpleDataSource();
    shop.setURL(args[2]);
    PGSimpleDataSource target = new PGSimpleDataSource();
    target.setURL(args[3]);
    ConsumerBuilder builder =
        QueueConsumer.of(shop, "shop", table).backoff(Duration.ofMillis(50), Duration.ofSeconds(1));
    (args[1].equals("event") ? builder.intoEventByEvent(target) : builder.into(target))
        .handling(
            (event, delivery) -> {
              if (event.id() % 7 == 0 && event.retry() == null) {
                delivery.retry(event, Duration.ZERO);
                return;
              }
              long order = Long.parseLong(RowChangeReader.read(event).required("id"));
              Sql.run(
                  delivery.connection(), "insert into " + table + " (order_id) values (?)", order);
            })
        .build()
        .run();
  }
}

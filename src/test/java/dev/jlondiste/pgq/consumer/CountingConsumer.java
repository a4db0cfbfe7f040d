package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.RowChangeReader;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process that notes each order once, in a transaction per batch or per event of the target, and
 * puts every seventh off once: what it noted is what took effect.
 */
public final class CountingConsumer {
  private CountingConsumer() {}

  /** Arguments: name, which is also the table's; {@code batch} or {@code event}; two JDBC URLs. */
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

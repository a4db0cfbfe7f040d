package com.example.shop;

import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.consumer.BatchEvents;
import dev.jlondiste.pgq.consumer.Delivery;
import dev.jlondiste.pgq.consumer.QueueConsumer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Takes every new order off the stock of a warehouse, which is another database. What was taken and
 * the mark that the batch is done are one transaction there, so nothing is taken twice.
 */
public final class Warehouse {
  private Warehouse() {}

  /** The warehouse's database has schema {@code pgq_ext}. */
  public static QueueConsumer create(DataSource shop, DataSource warehouse) {
    return QueueConsumer.of(shop, "shop", "warehouse")
        .registering()
        .onlyWhere("ev_extra1 = 'public.orders' and ev_type like 'I:%'")
        .into(warehouse)
        .handlingBatches(Warehouse::ship)
        .build();
  }

  /** A handler of whole batches can keep its statements open, or collect rows for a COPY. */
  private static void ship(BatchEvents events, Delivery delivery)
      throws SQLException, InterruptedException {
    try (PreparedStatement ship =
            delivery
                .connection()
                .prepareStatement("insert into shipment (order_id, item) values (?, ?)");
        PreparedStatement take =
            delivery
                .connection()
                .prepareStatement("update stock set amount = amount - 1 where item = ?")) {
      for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
        RowChange order = RowChangeReader.read(next.get());
        String item = order.required("item");
        take.setString(1, item);
        if (take.executeUpdate() == 0) {
          // Not in stock yet: this order later, the others now.
          delivery.retry(next.get(), Duration.ofSeconds(1));
          continue;
        }
        ship.setLong(1, Long.parseLong(order.required("id")));
        ship.setString(2, item);
        ship.executeUpdate();
      }
    }
  }

  /** The arguments are the JDBC URLs of the shop's and the warehouse's database. */
  public static void main(String[] args) {
    PGSimpleDataSource shop = new PGSimpleDataSource(); // a pool would be better
    shop.setURL(args[0]);
    PGSimpleDataSource warehouse = new PGSimpleDataSource();
    warehouse.setURL(args[1]);
    QueueConsumer consumer = create(shop, warehouse);
    Runtime.getRuntime().addShutdownHook(new Thread(consumer::stop));
    consumer.run();
  }
}

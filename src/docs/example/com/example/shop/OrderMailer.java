package com.example.shop;

import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.consumer.Delivery;
import dev.jlondiste.pgq.consumer.QueueConsumer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Writes a mail for every new order. Orders, queue and mails are in one database, so a mail and the
 * consumer's progress are one transaction: no order without a mail, no order with two.
 */
public final class OrderMailer {
  private OrderMailer() {}

  /** For a container that starts and stops it; {@link #main} runs it alone. */
  public static QueueConsumer create(DataSource shop) {
    return QueueConsumer.of(shop, "shop", "mailer")
        .registering()
        .onlyWhere("ev_extra1 = 'public.orders' and ev_type like 'I:%'")
        .handling(OrderMailer::mail)
        .build();
  }

  private static void mail(Event event, Delivery delivery) throws SQLException {
    RowChange order = RowChangeReader.read(event);
    try (PreparedStatement insert =
        delivery
            .connection()
            .prepareStatement("insert into mail (order_id, recipient) values (?, ?)")) {
      insert.setLong(1, Long.parseLong(order.required("id")));
      insert.setString(2, order.required("customer"));
      insert.executeUpdate();
    }
  }

  /** The one argument is the JDBC URL of the shop's database. */
  public static void main(String[] args) {
    PGSimpleDataSource shop = new PGSimpleDataSource(); // a pool would be better
    shop.setURL(args[0]);
    QueueConsumer mailer = create(shop);
    Runtime.getRuntime().addShutdownHook(new Thread(mailer::stop));
    mailer.run();
  }
}

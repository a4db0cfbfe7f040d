package dev.jlondiste.demo;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.loop.StopSignal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A load of small transactions (orders, payments, cancellations) until closed. A transaction that
 * fails, for example by a deadlock, is not repeated.
 */
final class ShopLoad implements AutoCloseable {
  private static final int CLIENTS = 2;
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final int NEWEST_ORDERS = 2000;

  private static final String ORDER =
      """
      with o as (
          insert into orders (customer_id, note)
          select id, 'order of ' || name from customers where id = ?
          returning id
      ), l as (
          insert into order_lines (order_id, line, product_id, quantity, price)
          select o.id, n, p.id, n, p.price
            from o, generate_series(1, ?) n
            join products p on p.id = (? + n * 17) % ? + 1
          returning order_id, product_id, quantity
      )
      insert into stock_movements (product_id, quantity, reason)
      select product_id, -quantity, 'order ' || order_id from l
      """;
  private static final String TAKE_FROM_STOCK =
      "update products set in_stock = in_stock - 1 where id = ?";
  private static final String PAY =
      """
      with o as (
          update orders set state = 'paid' where id = ? and state = 'new'
          returning id
      )
      insert into payments (order_id, amount)
      select o.id, coalesce(sum(quantity * price), 0)
        from o left join order_lines l on l.order_id = o.id
       group by o.id
      """;
  private static final String SEND =
      "update orders set state = 'sent', note = null where id = ? and state = 'paid'";
  private static final String CANCEL = "delete from orders where id = ? and state = 'new'";
  private static final String CHANGE_CUSTOMER =
      """
      update customers
         set balance = balance + ?, address = jsonb_set(address, '{street}', to_jsonb(?::text))
       where id = ?
      """;
  private static final String CHANGE_PRICES =
      "update products set price = price * 1.01 where id between ? and ? + 5";

  private final Database shop;
  private final StopSignal stop = new StopSignal();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong transactions = new AtomicLong();
  private volatile @Nullable SQLException failure;

  private ShopLoad(Database shop) {
    this.shop = shop;
  }

  static ShopLoad start(Database shop) {
    ShopLoad load = new ShopLoad(shop);
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(i);
      Thread thread = new Thread(() -> load.run(random), "customer " + i);
      thread.setDaemon(true);
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  /** Number of committed transactions. */
  long transactions() {
    return transactions.get();
  }

  /** Stops the load and waits for its last transactions. */
  @Override
  public void close() throws InterruptedException {
    stop.request();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** The failure that ended the load; null if there is none. */
  @Nullable SQLException failure() {
    return failure;
  }

  private void run(Random random) {
    try (Connection db = shop.open()) {
      int customers = maxId(db, "customers");
      int products = maxId(db, "products");
      while (!stop.await(PAUSE)) {
        try {
          change(db, random, customers, products);
          db.commit();
          transactions.incrementAndGet();
        } catch (SQLException e) {
          db.rollback(); // also fails if the connection is lost, which ends the load
        }
      }
    } catch (SQLException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void change(Connection db, Random random, int customers, int products)
      throws SQLException {
    int product = 1 + random.nextInt(products);
    int customer = 1 + random.nextInt(customers);
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> {
        Sql.run(db, ORDER, customer, 1 + random.nextInt(4), product, products);
        Sql.run(db, TAKE_FROM_STOCK, product);
      }
      case 4, 5 -> Sql.run(db, PAY, recentOrder(db, random));
      case 6 -> Sql.run(db, SEND, recentOrder(db, random));
      case 7 -> Sql.run(db, CANCEL, recentOrder(db, random));
      case 8 ->
          Sql.run(
              db,
              CHANGE_CUSTOMER,
              random.nextInt(2000) / 100.0 - 10,
              "Side St " + product,
              customer);
      default -> Sql.run(db, CHANGE_PRICES, product, product);
    }
  }

  private static long recentOrder(Connection db, Random random) throws SQLException {
    return (long) maxId(db, "orders") - random.nextInt(NEWEST_ORDERS);
  }

  private static int maxId(Connection db, String table) throws SQLException {
    return Sql.one(db, "select coalesce(max(id), 1) from " + table, row -> row.getInt(1));
  }
}

package dev.jlondiste.pgq.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.shop.OrderMailer;
import com.example.shop.Warehouse;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs of the documentation, and two that retry events, are killed repeatedly at random
 * moments while orders are inserted. Sessions of both databases are terminated as well, so that
 * replies to commits are lost, and two mailers run at the same time. Every effect happens exactly
 * once. {@code -Djlondiste.random.kills=200} for more kills.
 */
class ConsumersSurviveKillIT {
  private static final int KILLS = Integer.getInteger("jlondiste.random.kills", 20);

  @TempDir private Path directory;

  @Test
  void every_order_takes_effect_exactly_once() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ConsumersSurviveKillIT: seed " + seed);
    Random random = new Random(seed);
    try (TestDatabase shop = Servers.oldest().createDatabase();
        TestDatabase target = Servers.newest().createDatabase()) {
      createShop(shop);
      createTarget(target);
      String from = shop.jdbcUrl();
      String to = target.jdbcUrl();
      // Register before the first order: a consumer does not receive earlier events.
      for (String consumer : List.of("mailer", "warehouse", "by_batch", "by_event")) {
        shop.execute("select pgq.register_consumer('shop', '" + consumer + "')");
      }
      try (TestTicker ticker = new TestTicker(shop);
          Orders orders = new Orders(shop, seed);
          ConsumerProcess mailer = new ConsumerProcess(directory, OrderMailer.class, from);
          ConsumerProcess second = new ConsumerProcess(directory, OrderMailer.class, from);
          ConsumerProcess warehouse = new ConsumerProcess(directory, Warehouse.class, from, to);
          ConsumerProcess batches = counting("by_batch", "batch", from, to);
          ConsumerProcess events = counting("by_event", "event", from, to)) {
        List<ConsumerProcess> all = List.of(mailer, second, warehouse, batches, events);
        for (int kill = 1; kill <= KILLS; kill++) {
          LockSupport.parkNanos(Duration.ofMillis(100 + random.nextInt(900)).toNanos());
          all.get(random.nextInt(all.size())).killAndRestart();
          shop.execute("select pgq.maint_retry_events() from generate_series(1, 20)");
          if (kill % 10 == 3) {
            target.killConnections();
          } else if (kill % 10 == 7) {
            shop.killConnections();
          } else if (kill == KILLS / 2) {
            target.execute("insert into stock values ('pear', 0)"); // was missing until now
          }
        }
        orders.finish();
        long made = shop.count("orders");
        System.out.println("ConsumersSurviveKillIT: " + made + " orders, " + KILLS + " kills");
        assertThat(made).isGreaterThan(8L * KILLS);
        awaitAll(shop, shop, "mail", made);
        awaitAll(shop, target, "shipment", made);
        awaitAll(shop, target, "by_batch", made);
        awaitAll(shop, target, "by_event", made);
        assertThat(target.number("select -sum(amount) from stock")).isEqualTo(made);
        assertThat(mailer.terminate())
            .isEqualTo(143); // the exit code of SIGTERM after a clean shutdown
      }
    }
  }

  private ConsumerProcess counting(String name, String way, String from, String to) {
    return new ConsumerProcess(directory, CountingConsumer.class, name, way, from, to);
  }

  private static void createShop(TestDatabase shop) {
    shop.load(Path.of("sql/pgq/install.sql"));
    shop.execute(
        """
        select pgq.create_queue('shop');
        select pgq.set_queue_config('shop', 'ticker_max_lag', '0.1');
        create table orders (id bigserial primary key, customer text not null, item text not null);
        create trigger orders_queue after insert on orders
            for each row execute procedure pgq.logutriga('shop');
        create table mail (order_id bigint not null, recipient text not null)
        """);
  }

  private static void createTarget(TestDatabase target) {
    target.load(Path.of("sql/pgq_ext/install.sql"));
    target.execute(
        """
        create table stock (item text primary key, amount bigint not null);
        insert into stock values ('apple', 0), ('nut', 0);
        create table shipment (order_id bigint not null, item text not null);
        create table by_batch (order_id bigint not null);
        create table by_event (order_id bigint not null)
        """);
  }

  private static void awaitAll(TestDatabase shop, TestDatabase db, String table, long orders) {
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              shop.execute("select pgq.maint_retry_events() from generate_series(1, 50)");
              assertThat(db.number("select count(distinct order_id) from " + table))
                  .as(table)
                  .isEqualTo(orders);
            });
    assertThat(db.count(table)).as(table + ": some order more than once").isEqualTo(orders);
  }

  /** Customers: small transactions, some of them rolled back, through lost connections. */
  private static final class Orders implements AutoCloseable {
    private static final List<String> ITEMS = List.of("apple", "nut", "pear");

    private final TestDatabase shop;
    private final Random random;
    private final AtomicLong tries = new AtomicLong();
    private final Thread thread = new Thread(this::make, "orders");
    private volatile boolean stop;

    Orders(TestDatabase shop, long seed) {
      this.shop = shop;
      this.random = new Random(seed);
      thread.setDaemon(true);
      thread.start();
    }

    private void make() {
      while (!stop) {
        try (Connection db = shop.connect();
            Statement statement = db.createStatement()) {
          db.setAutoCommit(false);
          while (!stop) {
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
              String item = ITEMS.get(random.nextInt(ITEMS.size()));
              statement.execute(
                  "insert into orders (customer, item) values ('customer "
                      + tries.incrementAndGet()
                      + "', '"
                      + item
                      + "')");
            }
            if (random.nextInt(10) == 0) {
              db.rollback();
            } else {
              db.commit();
            }
            LockSupport.parkNanos(20_000_000);
          }
        } catch (SQLException e) {
          LockSupport.parkNanos(
              20_000_000); // the session was terminated: the order counts if it was committed
        }
      }
    }

    void finish() throws InterruptedException {
      stop = true;
      thread.join();
    }

    @Override
    public void close() throws InterruptedException {
      finish();
    }
  }
}

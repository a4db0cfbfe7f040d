package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstLookIT {
  @TempDir private Path directory;

  @Test
  void rows_arrive() throws Exception {
    try (TestNode root =
            new TestNode("root", Servers.shared("9.6").createDatabase(), directory, "ticker = 1");
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      String ddl =
          """
          create table orders (id serial primary key, note text);
          create table lines (id serial primary key, order_id int references orders, n int)
          """;
      root.database().execute(ddl);
      leaf.database().execute(ddl);
      root.database()
          .execute("insert into orders (note) select 'n' || i from generate_series(1, 1000) i");
      root.database()
          .execute("insert into lines (order_id, n) select i, i from generate_series(1, 1000) i");
      root.createRoot();
      root.addTables("orders", "lines");
      leaf.createBelow(NodeType.LEAF, root, root);
      leaf.addTables("orders", "lines");
      Thread ticker =
          new Thread(
              () -> {
                try (var db = root.database().connect()) {
                  while (!Thread.currentThread().isInterrupted()) {
                    try (var s = db.createStatement()) {
                      s.execute("select pgq.ticker()");
                    }
                    java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                  }
                } catch (Exception e) {
                  System.err.println("ticker: " + e);
                }
              });
      ticker.start();
      root.start();
      leaf.start();
      for (int i = 0; i < 50; i++) {
        root.database().execute("insert into orders (note) select 'x'");
        root.database().execute("update orders set note = note || 'y' where id % 50 = " + i);
        root.database().execute("delete from lines where id % 100 = " + i);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(leaf.database().column("select merge_state from londiste.table_info"))
                    .containsOnly("ok");
                assertThat(
                        leaf.database()
                            .value(
                                "select count(*) || ' ' || sum(hashtext(note)) || ' ' from orders"))
                    .isEqualTo(
                        root.database()
                            .value(
                                "select count(*) || ' ' || sum(hashtext(note)) || ' ' from orders"));
                assertThat(leaf.database().count("lines"))
                    .isEqualTo(root.database().count("lines"));
                assertThat(
                        leaf.database()
                            .count(
                                "pg_constraint where contype = 'f' and conrelid = 'lines'::regclass"))
                    .isEqualTo(1);
              });
      ticker.interrupt();
      ticker.join();
    }
  }
}

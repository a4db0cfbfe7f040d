package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches of many thousand events, read ahead and written in sets, whose worker is killed in the
 * middle or loses its sessions while more batches arrive. {@code -Djlondiste.random.kills=30} for
 * more rounds.
 */
class LargeBatchSurvivesKillIT {
  private static final int ROUNDS = Integer.getInteger("jlondiste.random.kills", 9);
  private static final int CUSTOMERS = 6000;

  @TempDir private Path directory;

  @Test
  void every_row_arrives_exactly_once() throws Exception {
    long seed = System.nanoTime();
    System.out.println("LargeBatchSurvivesKillIT: seed " + seed);
    Random random = new Random(seed);
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      Shop.create(root.database());
      Shop.fill(root.database(), CUSTOMERS);
      Shop.create(leaf.database());
      root.createRoot();
      for (String table : Shop.TABLES) {
        root.command("add-table", "--capture=auto", table);
      }
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        try (WorkerProcess worker = WorkerProcess.of(leaf)) {
          Eventually.inSync(leaf);
        }
        // Without its key the table would take a row twice.
        leaf.database().execute("alter table journal drop constraint journal_pkey");
        int killed = 0;
        int cut = 0;
        for (int round = 1; round <= ROUNDS; round++) {
          root.database().execute(change(random));
          try (WorkerProcess worker = WorkerProcess.of(leaf)) {
            if (round % 3 == 0) {
              cut += interrupt(leaf, random) ? 1 : 0;
              (random.nextBoolean() ? root : leaf).database().killConnections();
            }
            boolean writing = interrupt(leaf, random);
            worker.close();
            killed += writing ? 1 : 0;
          }
        }
        System.out.println(
            "LargeBatchSurvivesKillIT: %d of %d kills and %d of %d cuts in the middle of a batch"
                .formatted(killed, ROUNDS, cut, ROUNDS / 3));
        assertThat(killed).isPositive();
        assertThat(cut).isPositive();
        try (WorkerProcess worker = WorkerProcess.of(leaf)) {
          Eventually.equal(root, leaf);
        }
        assertThat(largestBatch(root)).isGreaterThan(10_000);
      }
    }
  }

  /** Waits until the worker writes, then a random while; true when it still does. */
  private static boolean interrupt(TestNode leaf, Random random) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> writes(leaf));
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(500)).toNanos());
    return writes(leaf);
  }

  /** A batch is one transaction, which has a number from the first row on that it writes. */
  private static boolean writes(TestNode leaf) {
    return leaf.database()
            .count(
                "pg_stat_activity where datname = current_database() and backend_xid is not null"
                    + " and pid <> pg_backend_pid()")
        > 0;
  }

  /**
   * Events between two ticks: those whose transactions the later one is the first to see. The
   * difference of the sequence's values would also count the events of running transactions.
   */
  private static long largestBatch(TestNode root) {
    return root.database()
        .number(
            """
            with transactions as (
                select ev_txid, count(*) as events from pgq.event_1 group by ev_txid),
              ticks as (
                select tick_id, sum(events) as seen
                  from pgq.tick join transactions
                    on txid_visible_in_snapshot(ev_txid, tick_snapshot)
                 group by tick_id)
            select max(events)::bigint
              from (select seen - lag(seen) over (order by tick_id) as events from ticks) t
            """);
  }

  /** Some twenty thousand changes in one transaction. */
  private static String change(Random random) {
    int part = random.nextInt(4);
    return """
        insert into journal (amount) select i from generate_series(1, 8000) i;
        update customers set balance = balance + 1.25, name = name || '\\' where id %% 4 <> %1$d;
        delete from orders where id %% 4 = %1$d;
        insert into orders (customer, note) select id, 'again ' || id from customers;
        delete from "Odd Table" where part %% 4 = %1$d;
        insert into "Odd Table" select 'k ' || i, i, 'again', null
          from generate_series(1, %2$d) i on conflict do nothing;
        update "Odd Table" set "Key & Col" = "Key & Col" || '+' where part %% 4 = %1$d;
        """
        .formatted(part, CUSTOMERS);
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the worker of a leaf repeatedly at random moments, including during initial copies, and
 * crashes either server, while applications write to the source. Nothing is repaired manually in
 * between. {@code -Djlondiste.random.kills=200} for more kills.
 */
class WorkerSurvivesKillIT {
  private static final int KILLS = Integer.getInteger("jlondiste.random.kills", 9);

  @TempDir private Path directory;

  @Test
  void nothing_is_lost_and_nothing_comes_twice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("WorkerSurvivesKillIT: seed " + seed);
    Random random = new Random(seed);
    try (TestServer source = Servers.start("15");
        TestServer target = Servers.start("18");
        TestNode root = new TestNode("root", source.createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", target.createDatabase(), directory, "parallel_copies = 2")) {
      Shop.create(root.database());
      Shop.fill(root.database(), 60_000);
      Shop.create(leaf.database());
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 2, seed)) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        // Without its key the table would take a row twice: its count and sum prove that it did
        // not.
        leaf.database().execute("alter table journal drop constraint journal_pkey");
        int copying = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
          try (WorkerProcess worker = WorkerProcess.of(leaf)) {
            if (kill % 4 == 3) {
              copyBegins(leaf, Shop.TABLES.get(0));
              worker.killAfter(Duration.ofMillis(random.nextInt(100)));
            } else {
              workBegins(leaf);
              worker.killAfter(Duration.ofMillis(random.nextInt(2500)));
            }
          }
          copying +=
              leaf.database().count("londiste.table_info where merge_state <> 'ok'") > 0 ? 1 : 0;
          if (kill % 2 == 0) {
            resync(leaf, Shop.TABLES.get(random.nextInt(Shop.TABLES.size())));
            resync(leaf, Shop.TABLES.get(0)); // the table with the longest copy
          }
          if (kill == KILLS / 3) {
            source.kill();
            source.start();
          }
          if (kill == 2 * KILLS / 3) {
            target.kill();
            target.start();
          }
        }
        System.out.println(
            "WorkerSurvivesKillIT: " + copying + " of " + KILLS + " kills left a copy unfinished");
        assertThat(copying).isGreaterThan(2);
        try (WorkerProcess worker = WorkerProcess.of(leaf)) {
          Eventually.inSync(leaf);
          load.finish();
          assertThat(load.committed()).isGreaterThan(1000);
          Eventually.equal(root, leaf);
          assertThat(leaf.database().value("select count(*) || '/' || sum(amount) from journal"))
              .isEqualTo(
                  root.database().value("select count(*) || '/' || sum(amount) from journal"));
          await()
              .untilAsserted(
                  () ->
                      assertThat(
                              root.database()
                                  .column(
                                      "select co_name from pgq.consumer where co_name like '%.copy.%'"))
                          .as("copy consumers left behind")
                          .isEmpty());
        }
      }
    }
  }

  /** A machine may take longer to start a JVM than this test gives it to live. */
  private static void workBegins(TestNode node) {
    String sessions =
        "pg_stat_activity where application_name = '" + node.settings().job().jobName() + "'";
    await().pollInterval(Duration.ofMillis(10)).until(() -> node.database().count(sessions) > 0);
  }

  /** The state of a table that is to be copied and that no worker has processed yet. */
  private static void copyBegins(TestNode node, String table) {
    String begun = "londiste.table_info where merge_state <> 'ok' and table_name = '" + table + "'";
    await().pollInterval(Duration.ofMillis(10)).until(() -> node.database().count(begun) > 0);
  }

  /** What the command of that name does, for one table. */
  private static void resync(TestNode node, String table) {
    node.database()
        .execute("select londiste.local_set_table_state('testq', '" + table + "', null, null)");
  }
}

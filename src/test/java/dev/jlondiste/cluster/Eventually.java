package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.TestDatabase;
import java.time.Duration;

/** Conditions that a replica must reach. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Eventually() {}

  /** All tables of the node are in sync. */
  public static void inSync(TestNode node) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(
                        node.database()
                            .column(
                                "select coalesce(merge_state, 'missing') from"
                                    + " londiste.table_info where local"))
                    .isNotEmpty()
                    .containsOnly("ok"));
  }

  /** After the last write both sides become equal and have their original foreign keys. */
  public static void equal(TestNode root, TestNode node) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> Shop.assertEqual(root.database(), node.database()));
    hasForeignKeys(root, node);
  }

  /** The node has the foreign keys of the root, which copies drop and the worker restores. */
  public static void hasForeignKeys(TestNode root, TestNode node) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(validForeignKeys(node.database()))
                    .isEqualTo(validForeignKeys(root.database())));
  }

  private static long validForeignKeys(TestDatabase database) {
    return database.count(
        "pg_constraint where contype = 'f' and convalidated and connamespace ="
            + " 'public'::regnamespace");
  }
}

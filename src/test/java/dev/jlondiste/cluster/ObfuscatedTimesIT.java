package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A value has the same hash in a copied row and in an event of native capture. */
class ObfuscatedTimesIT {
  @TempDir private Path directory;

  private TestNode node(String name, String major) throws IOException {
    Path map = directory.resolve("map.yaml");
    Files.writeString(map, "public.t: {id: keep, done: hash32, at: hash64, seen: hash}");
    TestDatabase database = Servers.shared(major).createDatabase();
    return new TestNode(name, database, directory, "obfuscator_map = " + map);
  }

  private static void insert(TestNode root, int id, String zone) {
    root.database()
        .execute(
            "set timezone = '%s'; insert into t values (%d, id_is_even(%2$d), '2026-11-30 12:30:00.5', '2026-11-30 01:00:00.25+00'); reset timezone"
                .formatted(zone, id));
  }

  @Test
  void copied_rows_and_events_have_the_same_hashes() throws IOException {
    try (TestNode root = node("root", "16");
        TestNode leaf = node("leaf", "17")) {
      root.database()
          .execute(
              "create table t (id int primary key, done boolean, at timestamp, seen timestamptz);"
                  + "create function id_is_even(int) returns boolean language sql as 'select $1 % 2 = 0'");
      root.createRoot();
      root.command("add-table", "t");
      insert(root, 1, "UTC");
      insert(root, 2, "Asia/Tokyo");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.command("add-table", "t", "--create", "--handler=obfuscate");
        Eventually.inSync(leaf);
        insert(root, 3, "Asia/Tokyo");
        insert(root, 4, "America/St_Johns");
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(leaf.database().count("t")).isEqualTo(4));
        List<String> rows =
            leaf.database().column("select concat_ws('|', done, at, seen) from t order by id");
        assertThat(rows.subList(2, 4)).isEqualTo(rows.subList(0, 2));
        assertThat(rows.get(0)).isNotEqualTo(rows.get(1)).matches("-?\\d+\\|-?\\d+\\|[0-9a-f-]+");
      }
    }
  }
}

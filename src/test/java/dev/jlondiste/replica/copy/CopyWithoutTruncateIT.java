package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Partitions that are replicated, of a table that another one refers to which is not: such a key
 * cannot be dropped from the partition, and TRUNCATE is refused while it is there.
 */
class CopyWithoutTruncateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String PARTITIONS =
      """
      create table p (id int primary key, v text) partition by range (id);
      create table p1 partition of p for values from (0) to (100);
      create table p2 partition of p for values from (100) to (200);
      """;
  private static final String REFERRING =
      """
      insert into p values (7, 'old'), (8, 'old'), (107, 'old');
      create table notes (p_id int references p on delete cascade, note text);
      insert into notes values (7, 'a'), (8, 'b'), (107, 'c');
      """;

  @TempDir private Path directory;

  private static String faults(TestNode node) {
    return String.join(
        "\n",
        node.database().column("select message from londiste.table_fault order by table_name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"13", "18"})
  void references_stay_and_lost_ones_are_named(String major) throws Exception {
    TestServer server = Servers.shared(major);
    try (TestNode root = new TestNode("root", server.createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", server.createDatabase(), directory)) {
      root.database().execute(PARTITIONS + "insert into p values (7, 'new'), (107, 'new')");
      leaf.database().execute(PARTITIONS + REFERRING);
      // A key that could not be restored exactly stays in place.
      leaf.database().execute("alter table notes disable trigger all");
      replicate(root, leaf);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf);
        assertThat(leaf.database().column("select v from p")).containsOnly("new").hasSize(2);
        assertThat(leaf.database().count("notes")).isEqualTo(3);
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(leaf.command("status").out())
                        .contains(
                            "ERR: public.p1: 1 row(s) of public.notes (notes_p_id_fkey) refer to"
                                + " rows of public.p that are not there: (p_id) = (8)")
                        .contains("ERR: public.p2: 1 row(s) of public.notes"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"18"})
  void nothing_is_deleted_by_cascade(String major) throws Exception {
    TestServer server = Servers.shared(major);
    try (TestNode root =
            new TestNode("root", server.createDatabaseOwnedBy("plain_owner"), directory);
        TestNode leaf =
            new TestNode("leaf", server.createDatabaseOwnedBy("plain_owner"), directory)) {
      root.database().execute(PARTITIONS + "insert into p values (7, 'new'), (107, 'new')");
      leaf.database().execute(PARTITIONS + "grant references on p to public");
      asSuperuser(leaf, REFERRING + "grant select on notes to public"); // so the key stays in place
      replicate(root, leaf);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(faults(leaf))
                        .contains(
                            "table public.p1 cannot be emptied for its copy (cannot truncate",
                            "): rows refer to it from public.notes (notes_p_id_fkey, on delete")
                        .contains("HINT:  drop that foreign key"));
        assertThat(leaf.database().count("notes")).isEqualTo(3);
        assertThat(leaf.database().count("p")).isEqualTo(3);
        asSuperuser(leaf, "alter table notes drop constraint notes_p_id_fkey");
        leaf.command("resync", "public.p1", "public.p2");
        Eventually.inSync(leaf);
        assertThat(leaf.database().count("notes")).isEqualTo(3);
        assertThat(faults(leaf)).isEmpty();
      }
    }
  }

  private static void asSuperuser(TestNode node, String sql) throws SQLException {
    TestDatabase database = node.database();
    try (Connection session =
            DriverManager.getConnection(database.server().jdbcUrl(database.name()));
        Statement statement = session.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void replicate(TestNode root, TestNode leaf) {
    root.createRoot();
    root.addTables(List.of("public.p1", "public.p2"));
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(List.of("public.p1", "public.p2"));
  }
}

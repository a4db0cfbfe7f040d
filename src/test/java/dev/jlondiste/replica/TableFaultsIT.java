package dev.jlondiste.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of a table are stored in the node's database until the table continues. */
class TableFaultsIT {
  private static final String QUEUE = TestNode.QUEUE;
  private static final TableName A = TableName.parse("public.a");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void attempts_are_counted_until_the_fault_is_deleted(String major) throws Exception {
    TestServer server = Servers.shared(major);
    try (TestNode root = new TestNode("root", server.createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", server.createDatabase(), directory)) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table a (id int primary key)");
        node.command("add-table", "a");
      }
      try (Database local =
          Database.direct(ConnectionString.parse(leaf.database().connectString()), "test")) {
        assertThat(faults(local)).isEmpty();
        store(local, "first\n  more", Duration.ofSeconds(90), Map.of());
        store(local, "second\n  more", Duration.ZERO, Map.of("event", "17 & more"));
        TableFault fault = faults(local).get(0);
        assertThat(fault.table()).isEqualTo(A);
        assertThat(fault.kind()).isEqualTo(TableFault.Kind.COPY);
        assertThat(fault.summary()).isEqualTo("second");
        assertThat(fault.attempts()).isEqualTo(2);
        assertThat(fault.lastSeen()).isAfter(fault.firstSeen());
        assertThat(fault.isDue()).isTrue();
        assertThat(fault.attributes()).isEqualTo(Map.of("event", "17 & more"));
        store(local, "third", Duration.ofSeconds(90), Map.of());
        assertThat(faults(local).get(0).pause().orElseThrow())
            .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(90));
        store(local, "fourth", null, Map.of());
        assertThat(faults(local).get(0).pause()).isEqualTo(Optional.empty());
        assertThat(faults(local).get(0).isDue()).isFalse();
        local.run(db -> TableFaults.clear(db, QUEUE, A, TableFault.Kind.APPLY));
        assertThat(faults(local)).hasSize(1);
        local.run(db -> TableFaults.clear(db, QUEUE, A, TableFault.Kind.COPY));
        assertThat(faults(local)).isEmpty();

        // resync restarts the copy of the table
        store(local, "fifth", null, Map.of());
        leaf.command("resync", "a");
        assertThat(faults(local)).isEmpty();

        // a database that cannot store faults
        leaf.database().execute("drop table londiste.table_fault");
        assertThat(kept(local, "lost", null, Map.of())).isFalse();
        assertThat(faults(local)).isEmpty();
      }
    }
  }

  private static void store(
      Database local, String message, @Nullable Duration pause, Map<String, String> attributes)
      throws Exception {
    assertThat(kept(local, message, pause, attributes)).isTrue();
  }

  private static boolean kept(
      Database local, String message, @Nullable Duration pause, Map<String, String> attributes)
      throws Exception {
    return local.call(
        db -> TableFaults.record(db, QUEUE, A, TableFault.Kind.COPY, message, pause, attributes));
  }

  private static List<TableFault> faults(Database local) throws Exception {
    return local.call(db -> TableFaults.list(db, QUEUE));
  }
}

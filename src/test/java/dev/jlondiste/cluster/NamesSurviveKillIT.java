package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code rename-node} and {@code set-location} are killed after each statement that they send:
 * workers continue, and the same command completes the change.
 */
class NamesSurviveKillIT {
  private static final Logger log = LoggerFactory.getLogger(NamesSurviveKillIT.class);
  private static final String FIRST_WRITE = "pgq_node.register_location";

  @TempDir private Path directory;

  @Test
  void nothing_but_the_same_command_is_needed() throws Exception {
    TestServer server = Servers.shared("14");
    try (CutOff way = new CutOff(server);
        TestNode root = new TestNode("root", server.createDatabase(), directory);
        TestNode branch = new TestNode("branch", server.createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", server.createDatabase(), directory)) {
      root.createRoot();
      branch.createBelow(NodeType.BRANCH, root);
      leaf.createBelow(NodeType.LEAF, branch);
      try (TestTicker ticker = new TestTicker(root.database())) {
        List<TestNode> all = List.of(root, branch, leaf);
        for (TestNode node : all) {
          node.database().execute("create table t (id serial primary key)");
          node.start();
          node.addTables(List.of("public.t"));
        }
        Eventually.inSync(leaf);
        TestNode admin = admin(leaf, way);
        int renamed = 0;
        String old = "branch";
        String next = "middle";
        for (int k = 1; isCut(way, k, admin, "rename-node", old, next); k++) {
          stillArrives(root, leaf);
          Outcome again = CommandLine.run(admin, "rename-node", old, next);
          assertThat(again.code()).as("statement %d: %s", k, again.log()).isZero();
          for (TestNode node : all) {
            assertThat(node.database().column("select node_name from pgq_node.node_location"))
                .as("statement %d, %s", k, node.name())
                .contains(next)
                .doesNotContain(old);
          }
          assertThat(root.database().column("select watermark_name from pgq_node.subscriber_info"))
              .containsExactly("." + next + ".watermark");
          stillArrives(root, leaf);
          String swap = old;
          old = next;
          next = swap;
          renamed = k;
        }
        log.info("rename-node was cut off after each of {} statements", renamed);
        assertThat(renamed).isGreaterThan(20);
        leaf.command("wait-root");
        String node = next; // the last one was not cut off
        for (int k = 1; ; k++) {
          String place = branch.database().connectString() + " connect_timeout=" + (k + 1);
          if (!isCut(way, k, admin, "set-location", node, place)) {
            log.info("set-location was cut off after each of {} statements", k - 1);
            assertThat(k).isGreaterThan(3);
            break;
          }
          admin.command("set-location", node, place);
          for (TestNode on : all) {
            assertThat(on.database().column("select node_location from pgq_node.node_location"))
                .contains(place);
          }
        }
        stillArrives(root, leaf);
      }
    }
  }

  /** The ini file of a node whose commands take the way that can be cut off, to every database. */
  private TestNode admin(TestNode node, CutOff way) {
    String through =
        node.database().connectString().replaceFirst("port=\\d+", "port=" + way.port());
    return TestNode.through(
        through, "admin", node.database(), directory, "remote_extra_connstr = port=" + way.port());
  }

  private static boolean isCut(CutOff way, int k, TestNode admin, String... words) {
    way.after(k, FIRST_WRITE);
    int code = CommandLine.run(admin, words).code();
    boolean cut = way.isCut();
    way.open();
    assertThat(cut || code == 0).isTrue();
    return cut;
  }

  private static void stillArrives(TestNode root, TestNode leaf) {
    root.database().execute("insert into t default values");
    long rows = root.database().count("t");
    await().until(() -> leaf.database().count("t") == rows);
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root or a branch is lost, a branch takes over, and the lost one comes back. */
class FailoverIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String SUBSCRIBERS =
      "select coalesce(string_agg(subscriber_node || '/' || worker_name, ' ' order by subscriber_node), '')"
          + " from pgq_node.subscriber_info";
  private static final String[] MAJORS = {"10", "14", "18", "9.6", "12"};

  @TempDir private Path directory;
  private final List<TestTicker> tickers = new ArrayList<>();
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(TestNode::stop);
    nodes.forEach(node -> node.database().bringBack());
    tickers.forEach(TestTicker::close);
    nodes.forEach(TestNode::close);
  }

  private TestNode node(String name) {
    TestNode node =
        new TestNode(
            name, Servers.shared(MAJORS[nodes.size() % MAJORS.length]).createDatabase(), directory);
    nodes.add(node);
    node.database().execute("create table journal (n bigserial primary key, amount int not null)");
    return node;
  }

  private void tick(TestNode node) {
    tickers.add(new TestTicker(node.database()));
  }

  private TestNode root(String name) {
    TestNode root = node(name);
    root.createRoot();
    tick(root);
    root.start();
    root.addTables(List.of("public.journal"));
    root.command("add-seq", "--all");
    return root;
  }

  private TestNode below(NodeType type, String name, TestNode provider) {
    TestNode node = node(name);
    node.createBelow(type, provider);
    node.start();
    node.addTables(List.of("public.journal"));
    node.command("add-seq", "--all");
    Eventually.inSync(node);
    return node;
  }

  private TestNode branch(String name, TestNode provider) {
    return below(NodeType.BRANCH, name, provider);
  }

  private static void write(TestNode node, int rows) {
    node.database()
        .execute("insert into journal (amount) select i from generate_series(1, " + rows + ") i");
  }

  private static void arrived(TestNode from, TestNode... nodes) {
    String rows = "select string_agg(j::text, ' ' order by n) from journal j";
    for (TestNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(node.database().value(rows))
                      .as(node.name())
                      .isEqualTo(from.database().value(rows)));
    }
  }

  private static String provider(TestNode node) {
    return String.valueOf(node.database().value("select provider_node from pgq_node.local_state"));
  }

  private static void assertRunning(TestNode... nodes) {
    for (TestNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          node.database()
                              .value(
                                  "select paused::text || ' ' || coalesce(cur_error, '')"
                                      + " from pgq_node.local_state"))
                      .as(node.name())
                      .isEqualTo("false "));
    }
  }

  private Outcome resurrect(TestNode node, String... options) {
    String before = System.getProperty("user.dir");
    System.setProperty("user.dir", directory.toString());
    try {
      List<String> words = new ArrayList<>(List.of("resurrect"));
      words.addAll(List.of(options));
      return CommandLine.run(node, words.toArray(String[]::new));
    } finally {
      System.setProperty("user.dir", before);
    }
  }

  /** Flow 8 of the walkthroughs, with the commands as printed. */
  @Test
  void a_lost_root_is_replaced_and_comes_back_as_a_branch() throws IOException {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node2);
    TestNode node4 = branch("node4", node2);
    write(node1, 10);
    arrived(node1, node2, node3, node4);
    node2.stop();
    write(node1, 7); // lost
    node1.database().execute("update journal set amount = -1 where n <= 3");
    node1.stop();
    node1.database().lose();
    node2.start();

    node2.command("status", "--dead=node1");
    tick(node2);
    Outcome takeover = node2.command("takeover", "node1", "--dead-root");
    assertThat(takeover.log())
        .containsSubsequence(
            "INFO old: node1\n",
            "INFO Tagging node 'node1' as dead\n",
            "INFO [node2] Location registered\n",
            "INFO [node2] Consumer node2 tagged as paused\n",
            "INFO Consumer 'node2' on node 'node2' paused\n",
            "INFO [node2] Branch node promoted to root\n",
            "INFO [node2] Subscriber registered: node1\n",
            "INFO [node2] Consumer node2 tagged as resumed\n",
            "INFO consumers node1.gravestone and .node1.watermark on node 'node2' keep all");
    node2.command("tag-dead", "node1");
    assertThat(node2.command("status").out())
        .containsSubsequence("node2 (root)", "node3 (branch)", "node4 (branch)");
    assertThat(node2.database().value(SUBSCRIBERS))
        .isEqualTo("node1/node1.gravestone node3/node3 node4/node4");
    Outcome again = node2.command("takeover", "node1", "--dead-root");
    assertThat(again.log()).contains("INFO node 'node2' has already taken over 'node1'\n");
    write(node2, 5);
    arrived(node2, node3, node4);
    assertRunning(node2, node3, node4);

    node1.database().bringBack();
    node1.start();
    write(node1, 2); // lost, too
    Outcome back = resurrect(node1, "--as-sql");
    assertThat(back.code()).as(back.log()).isZero();
    assertThat(back.log())
        .containsSubsequence(
            "INFO ** Searching for gravestone **\n",
            "INFO Looking on node node2\n",
            "INFO Found gravestone on node: node2\n",
            "INFO Found new root node: node2\n",
            "INFO ** Demote & pause local node **\n",
            "INFO Node node1 is root, demoting\n",
            "INFO Step 1: Writing disabled for: testq\n",
            "INFO Step 2: Inserted last tick: testq\n",
            "INFO ** Dump & delete lost events **\n",
            "INFO Dumping lost events\n",
            "INFO Step 3: Demoted root to branch: testq\n",
            "INFO Consumer node1 tagged as paused\n",
            "INFO ** Dropping old subscribers and consumers **\n",
            "INFO Dropping old subscriber node: node2\n",
            "INFO Keeping consumer: .global_watermark\n",
            "INFO   public.journal: insert: 9, can rollback\n",
            "INFO   public.journal: update: 3, cannot rollback\n",
            "INFO ** Resurrection done, worker paused **\n");
    assertThat(Files.readString(directory.resolve("resurrect-lost-events.json")))
        .startsWith("[\n{\"ev_id\": ")
        .endsWith("}\n]\n");
    assertThat(directory.resolve("resurrect-lost-events.sql")).exists();
    assertThat(node2.database().value(SUBSCRIBERS))
        .isEqualTo("node1/node1 node3/node3 node4/node4");
    Outcome refused = resurrect(node1);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.log()).contains("ERROR Dump file exists, cannot perform resurrection: ");

    node1.command("resync", "journal");
    node1.command("resume");
    Eventually.inSync(node1);
    write(node2, 3);
    arrived(node2, node1, node3, node4);
    assertThat(node2.command("status").out()).contains("node1 (branch)");
    assertRunning(node1, node2, node3, node4);
  }

  @Test
  void the_new_root_catches_up_with_a_sibling_that_is_ahead_before_others_move() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node1);
    TestNode node4 = below(NodeType.LEAF, "node4", node1);
    write(node1, 10);
    arrived(node1, node2, node3, node4);
    node2.stop();
    write(node1, 5);
    arrived(node1, node4);
    node4.stop();
    write(node1, 5);
    arrived(node1, node3);
    node1.stop();
    node1.database().lose();
    node2.start();
    node4.start();

    Outcome unreachable = CommandLine.run(node2, "takeover", "node1");
    assertThat(unreachable.code()).isEqualTo(1);
    assertThat(unreachable.log()).contains("takeover node1 --dead-branch");
    tick(node2);
    Outcome takeover = node2.command("takeover", "node1", "--dead-root");
    assertThat(takeover.log())
        .containsSubsequence(
            "INFO node 'node3' is ahead of 'node2'",
            "INFO [node3] Subscriber registered: node2\n",
            "INFO [node2] Consumer provider node set to : node3\n",
            "INFO [node2] Subscriber registered: node4\n",
            "INFO [node4] Consumer provider node set to : node2\n",
            "INFO [node2] Branch node promoted to root\n",
            "INFO [node3] Consumer provider node set to : node2\n",
            "INFO [node3] Subscriber unregistered: node2\n");
    arrived(node3, node2, node4);
    assertThat(node2.database().count("journal")).isEqualTo(20);
    write(node2, 3);
    arrived(node2, node3, node4);
    assertThat(provider(node3)).isEqualTo("node2");
    assertThat(node3.database().value(SUBSCRIBERS)).isEmpty();
    assertRunning(node2, node3, node4);

    node2.command("drop-node", "node1");
    assertThat(node2.database().value(SUBSCRIBERS)).isEqualTo("node3/node3 node4/node4");
    assertThat(node2.database().column("select consumer_name from pgq.get_consumer_info('testq')"))
        .noneMatch(name -> String.valueOf(name).contains("node1"));
  }

  @Test
  void siblings_that_are_behind_follow() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node1);
    TestNode node4 = branch("node4", node3);
    arrived(node1, node2, node3, node4);
    node3.stop();
    write(node1, 10);
    arrived(node1, node2);
    node1.stop();
    node1.database().lose();
    node3.start();

    tick(node2);
    Outcome takeover = node4.command("takeover", "node1", "--dead-root", "--target=node2");
    assertThat(takeover.log()).contains("INFO [node2] Branch node promoted to root\n");
    arrived(node2, node3, node4);
    write(node2, 3);
    arrived(node2, node3, node4);
    assertThat(provider(node4)).isEqualTo("node3");
  }

  /** The successor itself reads from a node that read from the lost root. */
  @Test
  void a_branch_of_the_second_level_takes_over() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node2);
    write(node1, 3);
    arrived(node1, node2, node3);
    node3.stop();
    write(node1, 3);
    arrived(node1, node2);
    node1.stop();
    node1.database().lose();
    node3.start();

    Outcome takeover = node3.command("takeover", "node1", "--dead-root");
    assertThat(takeover.log())
        .contains("WARNING no ticker runs for the database of the new root 'node3'");
    tick(node3);
    write(node3, 3);
    arrived(node3, node2);
    assertThat(provider(node2)).isEqualTo("node3");
    assertThat(node3.database().count("journal")).isEqualTo(9);
    assertThat(node2.database().value(SUBSCRIBERS)).isEmpty();
    assertRunning(node2, node3);
  }

  @Test
  void what_cannot_be_done_is_refused_before_anything_is_touched() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode leaf = below(NodeType.LEAF, "leaf", node2);
    write(node1, 3);
    arrived(node1, node2, leaf);

    refused(leaf, "ERROR Unknown node: nosuch", "takeover", "nosuch");
    assertThat(leaf.command("takeover", "leaf").log()).contains("INFO same node?\n");
    refused(leaf, "ERROR node 'leaf' is a leaf", "takeover", "node2");
    refused(leaf, "ERROR node 'leaf' is a leaf", "takeover", "node2", "--dead-branch");
    refused(
        leaf, "ERROR node 'node1' is the root, not 'node2'", "takeover", "node2", "--dead-root");
    refused(
        node2,
        "ERROR node 'node2' is the local node",
        "takeover",
        "node2",
        "--dead-root",
        "--target=leaf");
    node2.command("change-handler", "public.journal", "--handler=direct", "--handler-arg=fields=*");
    node1.stop();
    node1.database().lose();
    refused(node2, "ERROR no live node is the root", "takeover", "node1", "--dead-branch");
    leaf.database().lose();
    Outcome silent =
        refused(node2, "ERROR these nodes do not answer", "takeover", "node1", "--dead-root");
    assertThat(silent.log()).contains("--dead=leaf");
    assertThat(node2.database().count("pgq_node.node_location where dead")).isZero();

    tick(node2);
    Outcome filtered =
        refused(
            node2,
            "ERROR node 'node2' lacks rows of 'node1'",
            "takeover",
            "node1",
            "--dead-root",
            "--dead=leaf");
    assertThat(filtered.log())
        .contains("public.journal: handler 'direct' leaves out or changes rows")
        .contains("--ignore-handlers; nothing was changed");
    Outcome without =
        node2.command("takeover", "node1", "--dead-root", "--dead=leaf", "--ignore-handlers");
    assertThat(without.log()).contains("WARNING node 'leaf' was left out");
    leaf.database().bringBack();
    node2.command("takeover", "node1", "--dead-root");
    write(node2, 3);
    arrived(node2, leaf);
    assertRunning(node2, leaf);
  }

  /** A node below one that is lost with the root is ahead of the new root. */
  @Test
  void nodes_below_another_lost_node_count_too() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node2);
    TestNode node4 = branch("node4", node1);
    write(node1, 5);
    arrived(node1, node2, node3, node4);
    node4.stop();
    write(node1, 5);
    arrived(node1, node2, node3);
    for (TestNode lost : List.of(node1, node2)) {
      lost.stop();
      lost.database().lose();
    }
    node4.start();
    tick(node4);

    Outcome takeover = node4.command("takeover", "node1", "--dead-root", "--dead=node2");
    assertThat(takeover.log())
        .containsSubsequence(
            "INFO node 'node3' is ahead of 'node4'", "INFO [node4] Branch node promoted to root\n");
    assertThat(node4.database().count("journal")).isEqualTo(10);
    write(node4, 3);
    arrived(node4, node3);
    assertThat(provider(node3)).isEqualTo("node4");
    assertThat(node3.database().value(SUBSCRIBERS)).isEmpty();
    assertRunning(node3, node4);
  }

  @Test
  void the_last_of_three_levels_takes_over() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node2);
    write(node1, 5);
    arrived(node1, node2, node3);
    for (TestNode lost : List.of(node1, node2)) {
      lost.stop();
      lost.database().lose();
    }
    tick(node3);
    Outcome takeover = node3.command("takeover", "node1", "--dead-root", "--dead=node2");
    assertThat(takeover.log()).contains("WARNING node 'node2' is lost, too");
    write(node3, 3);
    assertThat(node3.database().value(SUBSCRIBERS)).isEqualTo("node1/node1.gravestone");
    assertRunning(node3);
  }

  /** The nodes of the README: no branch is left. */
  @Test
  void a_leaf_becomes_a_branch_and_takes_over() {
    TestNode node1 = root("node1");
    TestNode node2 = below(NodeType.LEAF, "node2", node1);
    TestNode node3 = below(NodeType.LEAF, "node3", node1);
    write(node1, 10);
    arrived(node1, node2, node3);
    node3.stop();
    write(node1, 5);
    arrived(node1, node2);
    node2.stop();
    write(node1, 5); // lost
    node1.stop();
    node1.database().lose();
    node2.start();
    node3.start();

    Outcome behind =
        refused(node2, "these nodes are behind it", "takeover", "node1", "--dead-root");
    assertThat(behind.log()).contains("--dead=node3, then drop-node");
    refused(node3, "ERROR ahead of every branch", "takeover", "node1", "--dead-root");
    node3.stop();
    node2.command("tag-dead", "node3");
    tick(node2);
    Outcome takeover = node2.command("takeover", "node1", "--dead-root");
    assertThat(takeover.log())
        .containsSubsequence(
            "INFO Node 'node2' is a branch\n", "INFO [node2] Branch node promoted to root\n");
    write(node2, 5);
    assertThat(node2.database().count("journal")).isEqualTo(20);
    node2.command("drop-node", "node3");

    node1.database().bringBack();
    Outcome back = resurrect(node1);
    assertThat(back.code()).as(back.log()).isZero();
    assertThat(back.log()).contains("INFO   public.journal: insert: 5, can rollback\n");
    node1.start();
    node1.command("resync", "journal");
    node1.command("resume");
    Eventually.inSync(node1);
    write(node2, 5);
    arrived(node2, node1);
    node1.command("takeover", "node2");
    write(node1, 5);
    arrived(node1, node2);
    assertRunning(node1, node2);
  }

  /** Another leaf is as far as the one that takes over. */
  @Test
  void leaves_follow_a_leaf_that_takes_over() {
    TestNode node1 = root("node1");
    TestNode node2 = below(NodeType.LEAF, "node2", node1);
    TestNode node3 = below(NodeType.LEAF, "node3", node1);
    write(node1, 10);
    arrived(node1, node2, node3);
    await().atMost(PATIENCE).until(() -> completed(node2) == completed(node3));
    node1.stop();
    node1.database().lose();
    tick(node2);
    node2.command("takeover", "node1", "--dead-root");
    write(node2, 5);
    arrived(node2, node3);
    assertThat(provider(node3)).isEqualTo("node2");
    assertRunning(node2, node3);
  }

  private static long completed(TestNode node) {
    return node.database().number("select last_tick_id from pgq_node.local_state");
  }

  private static Outcome refused(TestNode node, String message, String... words) {
    Outcome outcome = CommandLine.run(node, words);
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(1);
    assertThat(outcome.log()).contains(message).contains("HINT");
    assertThat(outcome.log()).doesNotContain("tagged as paused", "Tagging");
    return outcome;
  }

  @Test
  void a_branch_is_replaced_dead_or_alive() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node2);
    TestNode node4 = below(NodeType.LEAF, "node4", node2);
    TestNode node5 = below(NodeType.LEAF, "node5", node2);
    arrived(node1, node2, node3, node4, node5);

    node3.command("takeover", "node2");
    assertThat(List.of(provider(node3), provider(node2), provider(node4)))
        .containsExactly("node1", "node3", "node2");
    assertThat(node3.command("takeover", "node2").log())
        .contains("INFO Consumer 'node2' at node 'node2' has already 'node3' as provider\n");
    node2.command("takeover", "node3", "--all");
    node3.command("takeover", "node2", "--all");
    assertThat(List.of(provider(node3), provider(node2), provider(node4), provider(node5)))
        .containsExactly("node1", "node3", "node3", "node3");
    write(node1, 5);
    arrived(node1, node2, node3, node4, node5);

    node4.stop();
    write(node1, 5);
    arrived(node1, node2);
    node3.stop();
    node3.database().lose();
    node4.start();
    Outcome dead = node2.command("takeover", "node3", "--dead-branch");
    assertThat(dead.log()).contains("INFO node 'node1' keeps all events that 'node3' has not read");
    assertThat(List.of(provider(node2), provider(node4), provider(node5)))
        .containsExactly("node1", "node2", "node2");
    write(node1, 5);
    arrived(node1, node2, node4, node5);
    node2.command("takeover", "node3", "--dead-branch");
    assertRunning(node1, node2, node4, node5);
    node1.command("drop-node", "node3");
    assertThat(node1.database().value(SUBSCRIBERS)).isEqualTo("node2/node2");
  }

  /** Each state that a command leaves when it is killed. */
  @Test
  void the_same_command_completes_a_takeover_that_was_interrupted() {
    TestNode node1 = root("node1");
    TestNode node2 = branch("node2", node1);
    TestNode node3 = branch("node3", node1);
    write(node1, 5);
    arrived(node1, node2, node3);
    await()
        .atMost(PATIENCE)
        .until(() -> newestTick(node2) >= 0 && newestTick(node2) == newestTick(node3));
    node2.stop();
    node3.stop();
    node1.stop();
    node1.database().lose();
    // the worker was killed after the commit of its last batch, before that of the tick
    node2
        .database()
        .execute("delete from pgq.tick where tick_id = (select max(tick_id) from pgq.tick)");
    node2.start();
    node3.start();
    String interrupted =
        "update pgq_node.node_info set node_attrs = 'x=y&failover=node1' where node_name = 'node2';"
            + " update pgq_node.local_state set paused = true;"
            + " update pgq_node.node_location set dead = true where node_name = 'node1'";
    node2.database().execute(interrupted);
    node3.database().execute(interrupted);

    tick(node2);
    node2.command("takeover", "node1", "--dead-root");
    write(node2, 3);
    arrived(node2, node3);
    assertRunning(node2, node3);
    assertThat(node2.database().value("select node_attrs from pgq_node.node_info"))
        .isEqualTo("x=y");

    node2.database().execute(interrupted);
    node3.database().execute("update pgq_node.local_state set paused = true");
    node2.command("takeover", "node1", "--dead-root");
    write(node2, 3);
    arrived(node2, node3);
    assertRunning(node2, node3);
  }

  private static long newestTick(TestNode node) {
    return node.database().number("select max(tick_id) from pgq.tick");
  }
}

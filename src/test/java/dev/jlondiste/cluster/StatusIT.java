package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cli.LondisteProgram;
import dev.jlondiste.servers.Servers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of the commands about a root, a branch and a leaf, reachable or not. */
class StatusIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;

  @BeforeEach
  void cascade() throws Exception {
    root = new TestNode("root", Servers.newest().createDatabase(), directory);
    branch = new TestNode("branch", Servers.oldest().createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    root.database().execute("create table t (id int primary key)");
    leaf.database().execute("create table t (id int primary key)");
    root.addTables(List.of("public.t"));
    branch.createBelow(NodeType.BRANCH, root);
    leaf.createBelow(NodeType.LEAF, branch);
    leaf.command("add-table", "public.t", "--find-copy-node");
    // as the worker of the branch would have reported it
    branch
        .database()
        .execute(
            "select pgq_node.register_location('testq', 'leaf', '%s', false)"
                .formatted(leaf.database().connectString()));
  }

  @AfterEach
  void drop() {
    List.of(root, branch, leaf).forEach(TestNode::close);
  }

  private record Answer(int code, String out) {}

  private static Answer run(TestNode node, String... words) {
    List<String> args = new ArrayList<>(List.of(node.ini().toString()));
    args.addAll(List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = LondisteProgram.run(args, "londiste3", stream, stream);
    return new Answer(code, out.toString(StandardCharsets.UTF_8));
  }

  private String log(TestNode node) throws Exception {
    return Files.readString(directory.resolve(node.name() + ".log"));
  }

  @Test
  void the_same_tree_from_every_node() {
    for (TestNode node : List.of(root, branch, leaf)) {
      Answer answer = run(node, "status");
      assertThat(answer.code()).isZero();
      assertThat(answer.out().replaceAll("Lag: [0-9dhms]+, Tick: [0-9]+", "Lag"))
          .isEqualTo(
              """
              Queue: testq   Local node: %s

              root (root)
                |                           Tables: 1/0/0
                |                           Lag, NOT UPTODATE
                +--: branch (branch)
                   |                        Tables: 0/0/1
                   |                        Lag, NOT UPTODATE
                   +--: leaf (leaf)
                                            Tables: 0/1/0
                                            Lag, NOT UPTODATE
              """
                  .formatted(node.name()));
    }
  }

  @Test
  void the_tree_is_drawn_without_a_member_that_is_away() {
    branch.database().close();
    Answer answer = run(leaf, "status");
    assertThat(answer.code()).isZero();
    assertThat(answer.out())
        .startsWith("Node 'branch' failure: ")
        .contains("\n  +--: branch (dead)\n", "\n     +--: leaf (leaf)\n")
        .contains("                              Lag: (n/a), Tick: ");
    assertThat(run(root, "status", "--compact").out()).contains("\n      leaf (leaf)   ");
    assertThat(run(root, "status", "--json").out()).contains("\"type\" : \"dead\"");
  }

  @Test
  void a_member_that_hangs_is_not_waited_for() throws Exception {
    try (var session = branch.database().connect();
        var statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute("lock table pgq_node.node_info in access exclusive mode");
      long start = System.nanoTime();
      Answer answer = run(root, "status");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(answer.code()).isZero();
      assertThat(answer.out()).startsWith("Node 'branch' failure: ").contains("leaf (leaf)");
    }
  }

  @Test
  void the_progress_of_copies_is_shown_if_the_node_reports_it() {
    leaf.database()
        .execute(
            """
            insert into londiste.copy_progress
            values ('testq', 'public.t', 'copy', 12000000, 4500, 10000, now() - interval '10 s')
            """);
    assertThat(run(root, "status").out())
        .contains("    Copying: public.t 45% 4500 rows, 1.2 MB/s, ETA 12s\n");
    leaf.database().execute("drop table londiste.copy_progress");
    assertThat(run(root, "status").out()).doesNotContain("Copying", "failure");
  }

  @Test
  void tagged_dead_and_back() throws Exception {
    assertThat(run(root, "tag-dead", "nobody").code()).isEqualTo(1);
    assertThat(run(root, "tag-dead", "root").code()).isEqualTo(1);
    assertThat(run(root, "tag-dead", "leaf", "nobody").code()).isEqualTo(1);
    assertThat(run(leaf, "members").out()).doesNotContain("True");
    assertThat(run(root, "tag-dead", "leaf").code()).isZero();
    assertThat(log(root))
        .contains("Tagging node 'leaf' as dead")
        .contains("[root] Location registered", "[branch] Location registered")
        .doesNotContain("[leaf]");
    assertThat(run(branch, "status").out()).contains("leaf (dead)").doesNotContain("failure");
    branch.database().close();
    Answer back = run(root, "tag-alive", "leaf");
    assertThat(back.code()).isZero();
    assertThat(back.out()).startsWith("Node branch failure: ");
    assertThat(run(root, "status").out()).contains("leaf (leaf)");
  }

  @Test
  void facts_of_one_node() {
    assertThat(run(branch, "node-status").out())
        .startsWith(
            """
            branch (branch)
                Provider: root
                Subscribers: leaf
                Tables: 0/0/1
                Lag: (n/a), Tick:""");
    assertThat(run(branch, "node-info", "--set", "db=" + withPassword(branch)).out())
        .isEqualTo(
            """
            Node: branch  Type: branch  Queue: testq
            Status: NON-UP-TO-DATE
            Provider: root
            Connect strings:
              Local   : %s password=***
              Public  : %s
              Provider: %s
            """
                .formatted(
                    branch.database().connectString(),
                    branch.database().connectString(),
                    root.database().connectString()));
    assertThat(run(root, "node-info").out())
        .contains("Provider: --\n")
        .doesNotContain("Provider: h");
    assertThat(run(branch, "show-consumers").out())
        .startsWith("Consumers on branch@testq:\n")
        .containsPattern("\nleaf +branch +[0-9]+ +")
        .containsPattern("\nbranch +root +[0-9]+ +\\(n/a\\) +False");
  }

  private static String withPassword(TestNode node) {
    return node.database().connectString() + " password=secret";
  }

  @Test
  void no_node_and_no_tree() {
    Answer answer = run(root, "status", "--set", "queue_name=nosuch");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).isEqualTo("Queue: nosuch   Local node: None\n\n");
    assertThat(run(root, "node-info", "--set", "queue_name=nosuch").code()).isEqualTo(1);
  }

  @Test
  void waits_for_ticks_and_gives_up_in_time() throws Exception {
    assertThat(run(root, "wait-root").code()).isZero();
    assertThat(log(root)).contains("Current node is root, no need to wait");
    assertThat(run(leaf, "wait-root", "--timeout", "1").code()).isEqualTo(1);
    try (TestTicker ticker = new TestTicker(root.database())) {
      List.of(root, branch, leaf).forEach(TestNode::start);
      assertThat(run(leaf, "wait-root", "--timeout=60").code()).isZero();
      assertThat(run(leaf, "wait-provider", "--timeout=60").code()).isZero();
      assertThat(log(leaf))
          .contains("Root is root", "Fetching last tick for root", "Provider is branch")
          .contains("Got tick ");
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(run(root, "status").out()).doesNotContain("UPTODATE"));
    }
  }

  @Test
  void handlers_are_shown() throws Exception {
    assertThat(run(root, "show-handlers").out()).startsWith("londiste - ");
    assertThat(run(root, "show-handlers", "nosuch").code()).isEqualTo(1);
  }
}

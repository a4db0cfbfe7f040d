package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database becomes a node only once, and completely or not at all. */
class NodeCreationIT {
  private static final String MEMBERS =
      "select string_agg(node_name, ' ' order by node_name) from pgq_node.node_location";
  private static final String SUBSCRIBERS =
      "select coalesce(string_agg(subscriber_node, ' '), '') from pgq_node.subscriber_info";

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;

  @BeforeEach
  void databases() {
    root = new TestNode("root", Servers.shared("10").createDatabase(), directory);
    branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
  }

  @AfterEach
  void close() {
    leaf.close();
    branch.close();
    root.close();
  }

  private static String location(TestNode node) {
    return node.database().connectString();
  }

  private static Outcome create(TestNode node, String type, TestNode provider, String... more) {
    String[] words = new String[4 + more.length];
    words[0] = "create-" + type;
    words[1] = node.name();
    words[2] = location(node);
    words[3] = "--provider=" + location(provider);
    System.arraycopy(more, 0, words, 4, more.length);
    return CommandLine.run(node, words);
  }

  private Outcome createRoot() {
    return CommandLine.run(root, "create-root", "root", location(root));
  }

  private static boolean hasSchema(TestNode node) {
    return node.database().count("pg_namespace where nspname like 'pgq%' or nspname = 'londiste'")
        > 0;
  }

  @Test
  void a_cascade_grows_from_its_root() {
    assertThat(createRoot().log())
        .contains(
            """
            INFO plpgsql is installed
            INFO Installing pgq
            INFO Installing pgq_node
            INFO Installing londiste
            INFO Initializing node
            INFO Location registered
            INFO Node "root" initialized for queue "testq" with type "root"
            INFO Done
            """);
    root.database().execute("create table items (id int primary key)");
    CommandLine.run(root, "add-table", "items");
    Outcome made = create(branch, "branch", root, "--sync-watermark=branch,zz");
    assertThat(made.code()).isZero();
    assertThat(made.log())
        .contains(
            "INFO Subscriber registered: branch\n",
            "INFO Node \"branch\" initialized for queue \"testq\" with type \"branch\"\n",
            "INFO Node attributes updated\n",
            "INFO Done\n");
    assertThat(create(leaf, "leaf", branch).code()).isZero();

    assertThat(root.database().value(MEMBERS)).isEqualTo("branch leaf root");
    assertThat(root.database().value(SUBSCRIBERS)).isEqualTo("branch");
    assertThat(branch.database().value(SUBSCRIBERS)).isEqualTo("leaf");
    assertThat(leaf.database().value(MEMBERS)).isEqualTo("branch leaf root");
    assertThat(leaf.database().value("select provider_node from pgq_node.local_state"))
        .isEqualTo("branch");
    assertThat(leaf.database().value("select table_name || ' ' || local from londiste.table_info"))
        .isEqualTo("public.items false");
    assertThat(branch.database().value("select node_attrs from pgq_node.node_info"))
        .isEqualTo("sync_watermark=branch%2czz");
  }

  @Test
  void only_the_same_node_can_be_created_again() {
    createRoot();
    Outcome again = createRoot();
    assertThat(again.code()).isZero();
    assertThat(again.log())
        .endsWith("INFO Node is already initialized as root\n")
        .doesNotContain("Initializing");
    Outcome other = CommandLine.run(root, "create-root", "other", location(root));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.log()).contains("ERROR", "'root'", "'other'", "HINT:");
    assertThat(create(root, "leaf", root).code()).isEqualTo(1);
    assertThat(root.database().value("select node_type from pgq_node.node_info")).isEqualTo("root");
  }

  @Test
  void a_location_that_leads_elsewhere_is_refused() {
    Outcome outcome = CommandLine.run(root, "create-root", "root", location(branch));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log())
        .contains("Public connect string points to different database than local connect string");
    assertThat(root.database().value("select count(*) from pgq_node.node_info")).isEqualTo("0");
    assertThat(CommandLine.run(root, "create-root", "root", location(branch), "--nocheck").code())
        .isZero();
  }

  @Test
  void what_the_provider_cannot_give_is_refused_before_anything_is_written() {
    createRoot();
    create(leaf, "leaf", root);
    assertThat(create(branch, "branch", leaf).log())
        .contains("ERROR Cannot subscribe to leaf node 'leaf'");
    assertThat(CommandLine.run(branch, "create-branch", "branch", location(branch)).log())
        .contains("ERROR Please specify --provider");
    assertThat(
            CommandLine.run(
                    branch,
                    "create-branch",
                    "leaf",
                    location(branch),
                    "--provider=" + location(root))
                .log())
        .contains("ERROR Node 'leaf' already exists");
    Outcome merge = create(branch, "leaf", root, "--merge=nosuch");
    assertThat(merge.code()).isEqualTo(1);
    assertThat(merge.log()).contains("ERROR non-existing queue on leaf side: nosuch");
    assertThat(hasSchema(branch)).isFalse();
    assertThat(root.database().value(MEMBERS)).isEqualTo("leaf root");
    assertThat(root.database().value(SUBSCRIBERS)).isEqualTo("leaf");
  }

  @Test
  void a_failure_on_the_new_node_takes_back_what_was_done_above() {
    createRoot();
    create(branch, "branch", root);
    CommandLine.run(leaf, "install");
    leaf.database()
        .execute(
            "alter table pgq_node.node_info add constraint no_leaf check (node_name <> 'leaf')");
    Outcome failed = create(leaf, "leaf", branch);
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.log()).contains("no_leaf");
    assertThat(root.database().value(MEMBERS)).isEqualTo("branch root");
    assertThat(branch.database().value(MEMBERS)).isEqualTo("branch root");
    assertThat(branch.database().value(SUBSCRIBERS)).isEmpty();
    assertThat(leaf.database().value("select count(*) from pgq_node.node_location")).isEqualTo("0");
  }

  @Test
  void an_attempt_that_was_killed_half_way_is_finished_by_the_next() {
    createRoot();
    create(branch, "branch", root);
    String register =
        "select pgq_node.register_location('testq', 'leaf', '" + location(leaf) + "', false)";
    root.database().execute(register);
    branch.database().execute(register);
    branch
        .database()
        .execute("select pgq_node.register_subscriber('testq', 'leaf', 'former_job', null)");
    assertThat(create(leaf, "leaf", branch).code()).isZero();
    assertThat(branch.database().value("select worker_name from pgq_node.subscriber_info"))
        .isEqualTo("leaf");
  }

  @Test
  void a_name_is_free_again_when_the_provider_has_heard_of_the_drop() {
    createRoot();
    create(branch, "branch", root);
    create(leaf, "leaf", branch);
    assertThat(CommandLine.run(root, "drop-node", "leaf").code()).isZero();
    Outcome early = create(leaf, "leaf", branch);
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.log()).contains("has not processed that yet");
    branch.start();
    try (TestTicker ticker = new TestTicker(root.database())) {
      Awaitility.await().until(() -> isRunning(branch));
      assertThat(create(leaf, "leaf", branch).code()).isZero();
    }
    assertThat(branch.database().value(SUBSCRIBERS)).isEqualTo("leaf");
  }

  private static boolean isRunning(TestNode node) throws SQLException {
    try (Connection db = node.database().connect()) {
      return NodeLock.isHeld(db, TestNode.QUEUE, node.settings().consumerName());
    }
  }

  @Test
  void the_database_code_can_be_installed_and_upgraded_alone() {
    assertThat(CommandLine.run(root, "upgrade").code()).isEqualTo(1);
    assertThat(CommandLine.run(root, "install").code()).isZero();
    assertThat(CommandLine.run(root, "install").log()).contains("INFO pgq is installed\n");
    assertThat(CommandLine.run(root, "upgrade").log()).contains("INFO Upgrading londiste\n");
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with a handler that does not exist here, on a node taken over from Londiste. */
class RefusedTablesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String UNKNOWN = "filter_rows";
  private static final String REFUSED =
      "public.t: refused: its handler 'filter_rows' does not exist here";

  @TempDir private Path directory;

  private static List<@Nullable String> rows(TestNode node, String table) {
    return node.database().column("select concat_ws(' ', id, v) from " + table + " order by id");
  }

  private static @Nullable String state(TestNode node, String table) {
    return node.database()
        .value(
            "select coalesce(merge_state, 'missing') from londiste.table_info where table_name ="
                + " 'public."
                + table
                + "'");
  }

  /** As Londiste has stored it. */
  private static void setHandler(TestNode node, String table, String handler) {
    String encoded = URLEncoder.encode(handler, StandardCharsets.UTF_8);
    node.database()
        .execute(
            "update londiste.table_info set table_attrs = 'handler="
                + encoded
                + "' where table_name = 'public."
                + table
                + "'");
  }

  private static long places(TestNode root) {
    return root.database()
        .count(
            "pgq.subscription join pgq.consumer on co_id = sub_consumer"
                + " where co_name like '%.copy.%'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void events_of_a_refused_table_wait_and_all_others_are_applied(String major) {
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(major).createDatabase(), directory)) {
      for (TestNode node : List.of(root, branch, leaf)) {
        node.database().execute("create table t (id int primary key, v text)");
        node.database().execute("create table u (id int primary key, v text)");
      }
      root.createRoot();
      root.addTables(List.of("t", "u"));
      root.database().execute("insert into t values (1, 'copied')");
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.addTables(List.of("t", "u"));
        branch.start();
        Eventually.inSync(branch);
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.addTables(List.of("t", "u"));
        leaf.start();
        Eventually.inSync(leaf);

        setHandler(branch, "t", UNKNOWN);
        assertThat(branch.command("status").out()).contains("ERR: " + REFUSED);
        assertThat(CommandLine.run(branch, "wait-sync", "--all-but-failed").log())
            .contains("ERROR   " + REFUSED);
        assertThat(state(branch, "t")).isEqualTo("ok");

        root.database().execute("insert into u values (1, 'x')");
        root.database().execute("insert into t values (2, 'waits')");
        root.database().execute("update t set v = 'changed' where id = 1");
        root.database().execute("insert into u values (2, 'x')");
        await().atMost(PATIENCE).until(() -> rows(branch, "u").size() == 2);
        await().atMost(PATIENCE).until(() -> rows(leaf, "t").size() == 2);
        assertThat(rows(branch, "t")).containsExactly("1 copied");
        assertThat(state(branch, "t")).isEqualTo("catching-up");
        assertThat(places(root)).isEqualTo(1);

        branch.stop();
        root.database().execute("delete from t where id = 1");
        branch.start();
        root.database().execute("insert into u values (3, 'x')");
        await().atMost(PATIENCE).until(() -> rows(branch, "u").size() == 3);
        await().atMost(PATIENCE).until(() -> rows(leaf, "t").size() == 1);
        assertThat(rows(branch, "t")).containsExactly("1 copied");
        assertThat(places(root)).isEqualTo(1);

        for (String command : List.of("status", "node-status", "tables")) {
          assertThat(branch.command(command).out()).contains(REFUSED);
        }
        assertThat(CommandLine.run(branch, "check").log()).contains("WARNING " + REFUSED);
        CommandLine.Outcome waited = CommandLine.run(branch, "wait-sync", "--all-but-failed");
        assertThat(waited.code()).isEqualTo(3);
        assertThat(waited.log()).contains("ERROR   " + REFUSED);
        assertThat(CommandLine.run(branch, "compare").log())
            .contains("WARNING " + REFUSED + "\nHINT:  'change-handler public.t' gives");
        CommandLine.Outcome resync = CommandLine.run(branch, "resync", "t");
        assertThat(resync.code()).isEqualTo(1);
        assertThat(resync.log())
            .contains("ERROR " + REFUSED + "\nHINT:  'change-handler public.t'");

        assertThat(branch.command("change-handler", "t").log())
            .contains(
                "WARNING public.t: its rows stay as handler 'filter_rows' has left them\nHINT:");
        await().atMost(PATIENCE).until(() -> "ok".equals(state(branch, "t")));
        assertThat(rows(branch, "t")).containsExactly("2 waits");
        await().atMost(PATIENCE).until(() -> places(root) == 0);
        assertThat(branch.command("status").out()).doesNotContain("ERR");
      }
    }
  }

  @Test
  void a_refused_table_is_not_copied_and_its_place_is_given_up_with_it() {
    try (TestNode root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("13").createDatabase(), directory)) {
      for (String table : List.of("t", "u", "v")) {
        for (TestNode node : List.of(root, leaf)) {
          node.database().execute("create table " + table + " (id int primary key, v text)");
        }
        root.database().execute("insert into " + table + " values (1, 'x')");
      }
      root.createRoot();
      root.addTables(List.of("t", "u", "v"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(List.of("t", "u", "v"));
        setHandler(leaf, "t", "filter_rows");
        setHandler(leaf, "v", "vtable");
        leaf.database().execute("drop table v");
        leaf.start();
        await().atMost(PATIENCE).until(() -> "ok".equals(state(leaf, "u")));
        await().atMost(PATIENCE).until(() -> "ok".equals(state(leaf, "v")));
        root.database().execute("insert into v values (2, 'y')");
        root.database().execute("insert into u values (2, 'y')");
        await().atMost(PATIENCE).until(() -> rows(leaf, "u").size() == 2);
        assertThat(rows(leaf, "t")).isEmpty();
        assertThat(state(leaf, "t")).isEqualTo("missing");
        assertThat(leaf.command("status").out())
            .contains("public.t: refused: its handler 'filter_rows' does not exist here");

        setHandler(leaf, "u", "nosuch(func_name=f)");
        root.database().execute("insert into u values (3, 'z')");
        await().atMost(PATIENCE).until(() -> places(root) == 1);
        leaf.command("remove-table", "u");
        await().atMost(PATIENCE).until(() -> places(root) == 0);
        leaf.command("change-handler", "t");
        await().atMost(PATIENCE).until(() -> "ok".equals(state(leaf, "t")));
        assertThat(rows(leaf, "t")).containsExactly("1 x");
      }
    }
  }

  @Test
  void handlers_that_do_not_exist_are_refused_by_name() {
    try (TestNode root = new TestNode("root", Servers.shared("13").createDatabase(), directory)) {
      root.database().execute("create table t (id int primary key)");
      root.createRoot();
      CommandLine.Outcome added = CommandLine.run(root, "add-table", "t", "--handler=nosuch");
      assertThat(added.code()).isEqualTo(1);
      assertThat(added.log())
          .contains("ERROR unknown handler 'nosuch'\nHINT:  handlers here: londiste, vtable");
      root.addTables(List.of("t"));
      setHandler(root, "t", UNKNOWN); // where it shapes the trigger
      assertThat(root.command("status").out()).doesNotContain("refused");
      root.command("wait-sync");
    }
  }
}

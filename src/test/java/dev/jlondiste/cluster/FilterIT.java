package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handler {@code filter}: nodes have the rows that fulfil a condition, after any UPDATE. */
class FilterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLES =
      """
      create table t (id int primary key, owner int, v text);
      create table u (id int primary key, v text);
      """;
  private static final String OWNERS = "owner between 3 and 8 and v <> 'bad'";
  private static final String IDS = "id % 3 <> 1";

  @TempDir private Path directory;

  private TestNode node(String name, String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLES);
    return new TestNode(name, database, directory);
  }

  private static void add(TestNode node) {
    node.command("add-table", "t", "--handler=filter", "--handler-arg=where=" + OWNERS);
    node.command("add-table", "u", "--handler=filter", "--handler-arg=where=" + IDS);
  }

  private static void history(TestDatabase root, long seed) {
    Random random = new Random(seed);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int id = random.nextInt(60);
      int owner = random.nextInt(12);
      all.add(
          switch (random.nextInt(12)) {
            case 0, 1 ->
                "insert into t values (%d, %d, 'i') on conflict do nothing".formatted(id, owner);
            case 2 ->
                ("insert into t select i, i %% 11, 'many' from generate_series(%d, %d) i"
                        + " on conflict do nothing")
                    .formatted(id, id + 1500);
            case 3 -> "update t set owner = %d where id = %d".formatted(owner, id);
            case 4 -> "update t set owner = owner + %d, v = 'moved'".formatted(owner - 4);
            case 5 -> "update t set v = 'bad' where owner = %d and id < 300".formatted(owner);
            case 6 -> "update t set owner = null where id = %d".formatted(id);
            case 7 -> "delete from t where id between %d and %d".formatted(id, id + 5);
            case 8 ->
                "begin; update t set owner = owner + 1 where id < %1$d; delete from t where id = %1$d; insert into t values (%1$d, %2$d, 'again'); commit"
                    .formatted(id, owner);
            case 9 -> "insert into u values (%d, 'u') on conflict do nothing".formatted(id);
            case 10 ->
                "update u set id = %d, v = v || 'k' where id = %d".formatted(seed * 1000 + i, id);
            default -> random.nextInt(8) == 0 ? "truncate t" : "update u set v = v || 'y'";
          });
    }
    root.executeEach(all.toArray(String[]::new));
  }

  private static void haveTheirRows(TestNode root, TestNode... nodes) {
    for (TestNode node : nodes) {
      for (String table : List.of("t", "u")) {
        String rows = "select x::text from " + table + " x where %s order by id";
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(node.database().column(rows.formatted("true")))
                        .as("%s of %s", table, node.name())
                        .isEqualTo(
                            root.database()
                                .column(rows.formatted(table.equals("t") ? OWNERS : IDS))));
      }
    }
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6"})
  void nodes_have_the_rows_that_fulfil_the_condition(String source, String target) {
    try (TestNode root = node("root", source);
        TestNode branch = node("branch", target);
        TestNode plain = node("plain", "14")) {
      root.createRoot();
      add(root);
      history(root.database(), 1);
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        add(branch);
        history(root.database(), 2);
        Eventually.inSync(branch);
        plain.createBelow(NodeType.LEAF, branch);
        plain.start();
        plain.addTables(List.of("t", "u"));
        Eventually.inSync(plain);
        for (int seed = 3; seed < 6; seed++) {
          history(root.database(), seed);
          haveTheirRows(root, branch, plain);
        }
        for (TestNode node : List.of(branch, plain)) {
          assertThat(node.command("compare").log())
              .contains("Counting public.t")
              .doesNotContain("do not match");
        }
        root.database().execute("insert into t values (-1, 4, 'x')");
        haveTheirRows(root, branch, plain);
        branch
            .database()
            .execute("set session_replication_role = replica; delete from t where id = -1");
        assertThat(CommandLine.run(branch, "compare", "t").code()).isEqualTo(3);
      }
    }
  }

  @Test
  void an_update_without_its_old_row_is_an_error_that_says_what_to_do() {
    try (TestNode root = node("root", "15");
        TestNode leaf = node("leaf", "15")) {
      root.createRoot();
      root.addTables(List.of("t", "u"));
      root.database().execute("insert into t select i, i, 'x' from generate_series(1, 20) i");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        add(leaf);
        Eventually.inSync(leaf);
        root.database().execute("insert into u values (1, 'x'), (2, 'x'), (3, 'x')");
        root.database().execute("update u set id = 4 where id = 3");
        root.database().execute("update u set id = 5 where id = 1");
        haveTheirRows(root, leaf);
        root.database().execute("update t set owner = 4 where id = 20");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(leaf.command("status").out())
                        .contains("handler 'filter' of table public.t: event ")
                        .contains("does not have the old row"));
        root.command("change-handler", "t", "--handler=filter", "--handler-arg=where=" + OWNERS);
        leaf.command("resync", "t");
        haveTheirRows(root, leaf);
        root.database().execute("update t set owner = owner + 1");
        haveTheirRows(root, leaf);
      }
    }
  }

  /** Rows that the new root accepts would not reach the old one, and be missing on the way back. */
  @Test
  void a_node_with_other_rows_takes_over_only_on_request() {
    try (TestNode root = node("root", "17");
        TestNode branch = node("branch", "17")) {
      root.createRoot();
      root.start();
      root.command("add-table", "t", "--handler=filter", "--handler-arg=where=" + OWNERS);
      try (TestTicker ticker = new TestTicker(root.database());
          TestTicker next = new TestTicker(branch.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.command("add-table", "t", "--handler=filter", "--handler-arg=where=" + OWNERS);
        Eventually.inSync(branch);
        String reason = "public.t: handler 'filter' on node 'branch' leaves out or changes rows";
        assertThat(CommandLine.run(branch, "check", "--cut-over").out())
            .contains("blocker: " + reason, "--ignore-handlers");
        CommandLine.Outcome refused =
            CommandLine.run(branch, "takeover", "root", "--ignore-missing");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.log()).contains(reason);
        assertThat(root.database().value("select node_type from pgq_node.node_info"))
            .isEqualTo("root");
        assertThat(CommandLine.run(branch, "check", "--cut-over", "--ignore-handlers").out())
            .contains("warning: " + reason);
        branch.command("takeover", "root", "--ignore-missing", "--ignore-handlers");
        assertThat(branch.database().value("select node_type from pgq_node.node_info"))
            .isEqualTo("root");
      }
    }
  }

  @Test
  void bad_conditions_are_refused() {
    try (TestNode root = node("root", "15")) {
      root.createRoot();
      CommandLine.Outcome missing =
          CommandLine.run(root, "add-table", "t", "--handler=filter", "--handler-arg=where=a = 1");
      assertThat(missing.code()).isEqualTo(1);
      assertThat(missing.log())
          .contains("handler 'filter' of table public.t: condition 'a = 1': ERROR: column \"a\"")
          .contains("HINT:  --handler-arg=where=CONDITION");
      assertThat(
              CommandLine.run(
                      root, "add-table", "t", "--handler=filter", "--handler-arg=where=owner")
                  .log())
          .contains("argument of WHERE must be type boolean");
      for (String condition : List.of("t.owner = 1", "tableoid > 0 and id > 1")) {
        assertThat(
                CommandLine.run(
                        root,
                        "add-table",
                        "t",
                        "--handler=filter",
                        "--handler-arg=where=" + condition)
                    .log())
            .contains("condition '" + condition + "': ERROR:");
      }
      assertThat(CommandLine.run(root, "add-table", "t", "--handler=filter").log())
          .contains("handler 'filter' needs argument where");
    }
  }
}

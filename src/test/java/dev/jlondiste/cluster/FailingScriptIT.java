package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts that fail on the root change nothing; one that fails elsewhere stops that node. */
class FailingScriptIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void running_cascade() {
    root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.shared("17").createDatabase(), directory);
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute("create table t (id int primary key, v text)");
    }
    root.createRoot();
    root.addTables(List.of("t"));
    ticker = new TestTicker(root.database());
  }

  private void withLeaf(NodeType type) {
    leaf.createBelow(type, root);
    leaf.addTables(List.of("t"));
    leaf.start();
    Eventually.inSync(leaf);
  }

  @AfterEach
  void close() {
    ticker.close();
    root.close();
    leaf.close();
  }

  private void arrived(String query, String expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(leaf.database().value(query)).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create table x (a int);\\nselect 1/0 | x.sql, line 2: division by zero\\nSTATEMENT:  select"
            + " 1/0 | nothing was changed, and the name can be used again",
        "create table x (a int);\\nselect *\\n  from nowhere | x.sql, line 3: relation \"nowhere\" does"
            + " not exist | nothing was changed",
        "select 1; create index concurrently on t (v) | CREATE INDEX CONCURRENTLY cannot run inside a"
            + " transaction block | run it by hand on each node",
        "create table x (a int); copy x from stdin;\\nnonsense\\n\\\\. | x.sql, line 1: invalid input"
            + " syntax for | nothing was changed",
        "select 1; rollback | x.sql, line 1: rollback: a script cannot begin or end transactions |"
            + " a script is one transaction on every node",
        "alter table t drop constraint t_pkey | x.sql: changes of a table would not be captured any"
            + " longer: public.t: no longer has a primary key | remove-table public.t",
      })
  void a_failing_script_changes_nothing_on_the_root(String sql, String problem, String hint) {
    String text = sql.replace("\\n", "\n").replace("\\\\.", "\\.");
    Outcome outcome = CommandLine.run(root, "execute", "--as=x.sql", "--sql", text);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log()).contains("ERROR ").contains(problem.replace("\\n", "\n"));
    assertThat(outcome.log()).contains("HINT:  ").contains(hint);
    assertThat(root.database().count("londiste.applied_execute")).isZero();
    assertThat(root.database().value("select to_regclass('x')::text")).isNull();
    root.command("execute", "--as=x.sql", "--sql=select 1");
  }

  @Test
  void a_replicated_table_that_a_script_drops_is_named() {
    Outcome outcome = root.command("execute", "--sql=drop table t");
    assertThat(outcome.log())
        .contains("public.t: public.t no longer exists; to fix it: remove-table public.t");
  }

  @Test
  void another_text_under_a_used_name_is_named() {
    root.command("execute", "--as=once", "--sql=select 1");
    Outcome outcome = root.command("execute", "--as=once", "--sql=select 2");
    assertThat(outcome.log())
        .contains("EXECUTE: \"once\" already applied, skipping")
        .contains("had another text; to execute this one, give it another name");
  }

  @ParameterizedTest
  @CsvSource({"LEAF", "BRANCH"})
  void an_operator_skips_what_fails_on_a_node(NodeType type) {
    withLeaf(type);
    leaf.database().execute("alter table t add column w int"); // the script will find it there
    root.database().execute("insert into t values (1, 'before')");
    root.command("execute", "--as=add w.sql", "--sql=select 1;\nalter table t add column w int");
    root.database().execute("insert into t values (2, 'after', 7)");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(leaf.command("status").out())
                    .contains(
                        "EXECUTE add w.sql: add w.sql, line 2: column \"w\" of relation \"t\" already"
                            + " exists"));
    assertThat(leaf.database().count("t where id = 2")).isZero();

    Outcome unknown = CommandLine.run(leaf, "execute", "--skip=addw.sql");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.log())
        .contains("node 'root' has not executed a script of the name 'addw.sql'")
        .contains("not executed here: add w.sql");
    assertThat(CommandLine.run(root, "execute", "--skip=add w.sql").log())
        .contains("node 'root' is the root: scripts are executed here, not skipped");

    leaf.stop(); // the record waits for the worker
    Outcome skipped = leaf.command("execute", "--skip=add w.sql");
    assertThat(skipped.log()).contains("INFO EXECUTE: \"add w.sql\" is skipped on this node\n");
    assertThat(leaf.command("execute", "--skip=add w.sql").log())
        .contains("already applied, nothing to skip");
    leaf.start();
    arrived("select count(*) || ' ' || sum(w) from t", "2 7");
    assertThat(CommandLine.run(leaf, "check").out()).doesNotContain("changed since");
    assertThat(
            leaf.database()
                .value("select queue_name || ': ' || execute_sql from londiste.applied_execute"))
        .startsWith("testq: select 1;");

    leaf.command("execute", "--skip=later.sql", "--force");
    root.command("execute", "--as=later.sql", "--sql=insert into t values (3, 'root only')");
    root.database().execute("insert into t values (4, 'x')");
    arrived("select string_agg(id::text, ',' order by id) from t", "1,2,4");
  }

  @Test
  void a_repaired_cause_lets_the_node_continue_by_itself() {
    withLeaf(NodeType.LEAF);
    root.database().execute("create table extra (id int)");
    root.command("execute", "--sql=insert into extra values (1)");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(leaf.command("status").out())
                    .contains("relation \"extra\" does not exist"));
    leaf.database().execute("create table extra (id int)");
    arrived("select count(*) from extra", "1");
  }

  @Test
  void transaction_statements_of_londiste_are_left_out_and_rollback_stops_the_node() {
    withLeaf(NodeType.LEAF);
    send("frame.sql", "begin; insert into t values (1, 'x'); commit;");
    arrived("select count(*) from t", "1");
    send("end.sql", "insert into t values (2, 'x'); rollback;");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(leaf.command("status").out())
                    .contains("rollback: a script cannot begin or end transactions"));
    leaf.command("execute", "--skip", "end.sql");
    root.database().execute("insert into t values (3, 'x')");
    arrived("select count(*) from t", "2");
  }

  private void send(String name, String sql) {
    root.database()
        .execute(
            "select londiste.execute_start('testq', '%1$s', '%2$s', true, null);"
                    .formatted(name, sql.replace("'", "''"))
                + " select londiste.execute_finish('testq', '%s')".formatted(name));
  }

  /** Neither on the root nor on a leaf do others wait behind a script that waits for its lock. */
  @Test
  void writers_and_readers_pass_a_script_that_waits_for_a_lock() throws Exception {
    withLeaf(NodeType.LEAF);
    root.database().execute("insert into t values (1, 'x')");
    arrived("select count(*) from t", "1");
    try (Connection writer = root.database().connect();
        Connection reader = leaf.database().connect();
        Statement write = writer.createStatement();
        Statement read = reader.createStatement()) {
      writer.setAutoCommit(false);
      reader.setAutoCommit(false);
      write.execute("update t set v = 'y'");
      read.execute("select * from t");
      String sql = "--sql=alter table t add column w int";
      Outcome failed = CommandLine.run(root, "execute", sql, "--lock-wait=1");
      assertThat(failed.code()).isEqualTo(1);
      assertThat(failed.log())
          .contains("public.t could not be locked within 1 s; in the way:\n  pid ")
          .contains("update t set v = 'y'");
      CompletableFuture<Outcome> command =
          CompletableFuture.supplyAsync(
              () -> CommandLine.run(root, "execute", sql, "--lock-wait=300"));
      root.database().execute("insert into t values (2, 'passes')");
      writer.commit();
      assertThat(command.get().code()).as(command.get().log()).isZero();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  leaf.database()
                          .count("pg_locks where not granted and mode = 'AccessExclusiveLock'")
                      > 0);
      leaf.database().count("t");
      reader.commit();
    }
    root.database().execute("insert into t values (3, 'x', 1)");
    arrived("select count(*) || ' ' || count(w) from t", "3 1");
  }

  /** The rows were copied with the columns that both sides had, then the script arrived. */
  @Test
  void a_copy_from_before_a_script_of_the_leaf_is_repeated() {
    root.database().execute("insert into t select i, 'old' from generate_series(1, 10) i");
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(List.of("t"));
    root.command(
        "execute", "--sql=alter table t add column w int; update t set w = id where id <= 7");
    leaf.start();
    Eventually.inSync(leaf);
    arrived("select count(w) from t", "7");
    root.database().execute("update t set w = 0");
    arrived("select sum(w) from t", "0");
  }
}

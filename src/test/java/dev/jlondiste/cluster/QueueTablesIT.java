package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers {@code qtable}, {@code qsplitter} and {@code applyfn}. */
class QueueTablesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OTHER_EVENTS =
      "select concat_ws(' ', ev_type, ev_data, ev_extra1, ev_extra2) from pgq.event_template"
          + " e where tableoid::regclass::text like 'pgq.event_%' and exists (select 1 from pgq.queue"
          + " where queue_name = 'other' and e.tableoid::regclass::text like queue_data_pfx || '%')"
          + " order by ev_id";

  @TempDir private Path directory;

  private static List<@Nullable String> others(TestNode node) {
    return node.database().column(OTHER_EVENTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void rows_of_a_queue_table_go_to_another_queue(String major) {
    try (TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(major).createDatabase(), directory)) {
      root.database().execute("create table jobs (id int primary key, v text)");
      root.createRoot();
      assertThat(root.command("add-table", "jobs", "--handler=qtable").log())
          .contains("Table added: public.jobs");
      root.database().execute("insert into jobs values (1, 'a b')");
      assertThat(root.database().count("jobs")).isZero();
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.command("add-table", "jobs", "--handler=qtable");
        leaf.createBelow(NodeType.LEAF, branch);
        String[] words = {"add-table", "jobs", "--handler=qsplitter", "--handler-arg=queue=other"};
        assertThat(CommandLine.run(leaf, words).log())
            .contains("there is no queue 'other' in this database")
            .contains("HINT:  create it: select pgq.create_queue('other')");
        leaf.database().rows("select pgq.create_queue('other')");
        assertThat(
                CommandLine.run(
                        leaf,
                        "add-table",
                        "jobs",
                        "--handler=qsplitter",
                        "--handler-arg=queue=testq")
                    .log())
            .contains("queue 'testq' is the queue of this node");
        leaf.command(words);
        leaf.start();
        Eventually.inSync(leaf);
        root.database().execute("insert into jobs values (2, null)");
        root.database()
            .execute("insert into jobs select i, 'many' from generate_series(3, 3000) i");
        await().atMost(PATIENCE).until(() -> others(leaf).size() >= 2999);
        assertThat(others(leaf))
            .hasSizeBetween(2999, 3000)
            .contains("I:id id=2&v public.jobs", "I:id id=3000&v=many public.jobs");
        assertThat(CommandLine.run(branch, "compare").log()).contains("'qtable' keeps no rows");
        leaf.command("status");
        branch.command("check");
      }
    }
  }

  @Test
  void a_branch_that_splits_a_queue_becomes_the_root_with_a_queue_table() {
    try (TestNode root = new TestNode("root", Servers.shared("16").createDatabase(), directory);
        TestNode branch =
            new TestNode("branch", Servers.shared("17").createDatabase(), directory)) {
      String table = "create table jobs (id int primary key, v text)";
      root.database().execute(table);
      root.createRoot();
      root.command("add-table", "jobs", "--handler=qtable");
      try (TestTicker ticker = new TestTicker(root.database());
          TestTicker next = new TestTicker(branch.database())) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.database().rows("select pgq.create_queue('other')");
        branch.command("add-table", "jobs", "--handler=qsplitter", "--handler-arg=queue=other");
        Eventually.inSync(branch);
        String hint =
            "there: create the table if there is none, then change-handler public.jobs"
                + " --handler=qtable; or leave";
        assertThat(CommandLine.run(branch, "takeover", "root").log()).contains(hint);
        assertThat(CommandLine.run(branch, "check", "--cut-over").out()).contains(hint);
        branch.database().execute(table);
        branch.command("change-handler", "jobs", "--handler=qtable");
        branch.command("takeover", "root");
        branch.database().execute("insert into jobs values (3, 'new')");
        assertThat(branch.database().count("jobs")).isZero();
        root.database().rows("select pgq.create_queue('other')");
        root.command("change-handler", "jobs", "--handler=qsplitter", "--handler-arg=queue=other");
        branch.database().execute("insert into jobs values (4, 'newer')");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(others(root)).contains("I:id id=4&v=newer public.jobs"));
      }
    }
  }

  @Test
  void a_function_is_called_for_each_event_in_order() {
    try (TestNode root = new TestNode("root", Servers.shared("13").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("16").createDatabase(), directory)) {
      for (TestNode node : List.of(root, leaf)) {
        node.database()
            .execute(
                "create table t (id int primary key, v text); create table u (id int primary key)");
      }
      leaf.database()
          .execute(
              """
              create table noted (nr serial, conf text, type text, data text, us bigint, at timestamptz);
              create function note(text, text, text, text, text, text, text, text, text, text, text, text)
              returns text language sql as 'insert into public.noted (conf, type, data, us, at)
                values ($1, $7, $8, (select count(*) from public.u), $4::timestamptz)
                returning type';
              """);
      root.createRoot();
      root.addTables(List.of("t", "u"));
      root.database().execute("insert into t values (1, 'copied')");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.command(
            "add-table",
            "t",
            "--handler=applyfn",
            "--handler-arg=func_name=public.note",
            "--handler-arg=func_conf=a'b");
        leaf.addTables(List.of("u"));
        Eventually.inSync(leaf);
        root.database()
            .executeEach(
                "begin",
                "insert into u select generate_series(1, 300)",
                "insert into t values (2, E'x\\\\''y')",
                "insert into u select generate_series(301, 500)",
                "update t set v = null where id = 1",
                "delete from t where id = 2",
                "commit");
        await().atMost(PATIENCE).until(() -> leaf.database().count("noted") >= 3);
        assertThat(
                leaf.database()
                    .column(
                        "select concat_ws(' ', substring(type from '\"op\":\"(.)'), us, conf) from noted order by nr"))
            .containsExactly("I 300 a'b", "U 500 a'b", "D 500 a'b");
        assertThat(
                leaf.database().value("select data::json ->> 'v' from noted order by nr limit 1"))
            .isEqualTo("x\\'y");
        assertThat(leaf.database().column("select v from t")).containsExactly("copied");

        leaf.database()
            .execute(
                "drop function note(text, text, text, text, text, text, text, text, text, text, text, text)");
        root.database().execute("insert into t values (7, 'z')");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(leaf.command("status").out()).contains("function public.note("));
      }
    }
  }

  @Test
  void events_are_in_the_other_queue_before_a_script_runs() {
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("15").createDatabase(), directory)) {
      root.database().execute("create table jobs (id int primary key)");
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key)");
      }
      root.createRoot();
      root.command("add-table", "jobs", "--handler=qtable");
      root.addTables(List.of("t"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.database().rows("select pgq.create_queue('other')");
        leaf.command("add-table", "jobs", "--handler=qsplitter", "--handler-arg=queue=other");
        leaf.command("add-table", "t", "--handler=bulk");
        leaf.start();
        Eventually.inSync(leaf);
        root.database()
            .executeEach(
                "begin",
                "insert into jobs values (1), (2)",
                "insert into t select generate_series(1, 500)",
                "truncate t",
                "insert into t select generate_series(501, 503)",
                "select pgq.insert_event('testq', 'EXECUTE', 'create table seen as select"
                    + " (select count(*) from pgq.event_template where ev_extra1 = ''public.jobs'') as"
                    + " jobs, (select count(*) from public.t) as rows', 'seen.sql', '', null, null)",
                "insert into jobs values (3)",
                "insert into t values (504)",
                "commit");
        await().atMost(PATIENCE).until(() -> leaf.database().count("t") == 4);
        assertThat(leaf.database().column("select jobs || ' ' || rows from seen"))
            .containsExactly("2 3");
        assertThat(others(leaf)).hasSize(3);
      }
    }
  }
}

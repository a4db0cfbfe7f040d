package dev.jlondiste.admin.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The gate before a cut-over says no with reasons, and yes when the operator has dealt with them.
 */
@SuppressWarnings("NullAway.Init") // each test begins with cascade()
class CutOverChecksIT {
  private static final String[] CHECK = {"check", "--cut-over", "--max-lag=1min"};

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  private void cascade(String rootMajor, String leafMajor, String sql) throws Exception {
    root = new TestNode("root", Servers.shared(rootMajor).createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.shared(leafMajor).createDatabase(), directory);
    root.createRoot();
    root.database().execute(sql);
    leaf.database().execute(sql);
    root.command("add-table", "--all", "--capture=compatible");
    root.command("add-seq", "--all");
    ticker = new TestTicker(root.database());
    leaf.createBelow(NodeType.LEAF, root);
    root.start();
    leaf.start();
    leaf.command("wait-root", "--timeout=60");
    leaf.command("add-table", "--all");
    leaf.command("add-seq", "--all");
    Eventually.inSync(leaf);
  }

  @AfterEach
  void close() {
    leaf.close();
    root.close();
    ticker.close();
  }

  private List<String> answer() {
    return CommandLine.run(leaf, CHECK).out().lines().toList();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  void no_becomes_yes(String rootMajor, String leafMajor) throws Exception {
    cascade(
        rootMajor,
        leafMajor,
        """
        create table a (id serial primary key, t text);
        create table empty (id int primary key);
        """);
    String app = "app_" + root.database().name();
    root.database()
        .execute(
            """
            create role %1$s login;
            insert into a select i, 'x' from generate_series(1, 50) i;
            grant select, insert on a to %1$s;
            grant update (t) on a to public;
            grant usage on a_id_seq to %1$s;
            create materialized view totals as select count(*) from a;
            create materialized view others as select 1 as one;
            """
                .formatted(app));
    leaf.database()
        .execute("create materialized view totals as select count(*) from a with no data");
    leaf.command("wait-root", "--timeout=60");
    await().until(() -> leaf.database().count("a") == 50);

    leaf.database().value("select pg_stat_reset_single_table_counters('a'::regclass)");
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(answer()).contains("blocker: public.a: never analyzed on node 'leaf'"));
    Outcome no = CommandLine.run(leaf, CHECK);
    assertThat(no.code()).isEqualTo(3);
    assertThat(no.out().lines())
        .contains(
            "warning: node 'leaf' is a leaf, which has no queue: it is converted into a branch first",
            "blocker: never compared: public.a, public.empty",
            "HINT:  compare",
            "blocker: materialized view public.totals of node 'leaf' was never refreshed",
            "blocker: materialized view public.others does not exist on node 'leaf'",
            "blocker: public.a: never analyzed on node 'leaf'",
            "blocker: role %s does not exist on node 'leaf'; it has privileges on 2 objects"
                .formatted(app),
            "HINT:  create role \"%s\" login".formatted(app),
            "blocker: public.a (t): role public lacks UPDATE on node 'leaf'",
            "HINT:  grant update (\"t\") on table \"public\".\"a\" to public")
        .endsWith("Cut-over: no (6 reasons)")
        .doesNotContain("blocker: public.empty: never analyzed on node 'leaf'");
    assertThat(CommandLine.run(leaf, "check", "--cut-over", "--json").out())
        .contains(
            "\"cut_over\" : false",
            "\"reasons\" : 6",
            "\"severity\" : \"blocker\"",
            "\"check\" : \"compare\"",
            "\"text\" : \"never compared: public.a, public.empty\"",
            "\"hint\" : \"compare\"");

    leaf.database().execute("create role %s".formatted(app));
    assertThat(answer())
        .contains(
            "blocker: role %s may not log in on node 'leaf'".formatted(app),
            "blocker: public.a: role %s lacks INSERT, SELECT on node 'leaf'".formatted(app),
            "HINT:  grant insert, select on table \"public\".\"a\" to \"%s\"".formatted(app),
            "blocker: public.a_id_seq: role %s lacks USAGE on node 'leaf'".formatted(app));
    leaf.database()
        .execute(
            """
            alter role %1$s login;
            grant select, insert on a to %1$s;
            grant update (t) on a to public;
            grant usage on a_id_seq to %1$s;
            create materialized view others as select 1 as one with no data;
            """
                .formatted(app));
    leaf.command("compare");
    leaf.database().executeAsReplica("delete from a where id = 50");
    assertThat(CommandLine.run(leaf, "compare", "a").code()).isEqualTo(3);
    assertThat(answer())
        .anyMatch(
            line ->
                line.matches(
                    "blocker: public.a: differed \\d+ seconds ago, at tick \\d+: 50 rows, checksum=\\S+"
                        + " on node 'root', 49 rows, checksum=\\S+ here"))
        .endsWith("Cut-over: no (4 reasons)");
    leaf.database().executeAsReplica("insert into a values (50, 'x')");
    leaf.command("compare", "a", "--count-only");
    Outcome yes = CommandLine.run(leaf, "check", "--cut-over", "--prepare", "--max-lag=1min");
    assertThat(yes.out().lines())
        .containsExactly(
            "warning: node 'leaf' is a leaf, which has no queue: it is converted into a branch first",
            "warning: only the numbers of rows were compared: public.a",
            "HINT:  compare, without --count-only",
            "Cut-over: yes");
    assertThat(yes.code()).isZero();
    assertThat(yes.log()).contains("INFO public.totals: refreshed", "INFO public.a: analyzed");
    assertThat(leaf.database().number("select count from totals")).isEqualTo(50);

    leaf.database()
        .execute("update londiste.compare_result set compared = compared - interval '3 days'");
    assertThat(answer())
        .contains("warning: compared long ago: public.a (3 days ago), public.empty (3 days ago)");
    leaf.command("resync", "empty");
    Eventually.inSync(leaf);
    assertThat(answer()).contains("blocker: never compared: public.empty");
    drop_role(app);
  }

  private void drop_role(String app) {
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute("drop owned by %1$s; drop role %1$s".formatted(app));
    }
  }

  @ParameterizedTest
  @CsvSource({"18, 18"})
  void statistics_that_are_far_off(String rootMajor, String leafMajor) throws Exception {
    cascade(
        rootMajor,
        leafMajor,
        "create table a (id int primary key) with (autovacuum_enabled = off)");
    root.database().execute("insert into a select generate_series(1, 10)");
    leaf.command("wait-root", "--timeout=60");
    leaf.database().execute("analyze a");
    assertThat(answer()).noneMatch(line -> line.contains("public.a: has about"));
    root.database().execute("insert into a select generate_series(11, 30000)");
    leaf.command("wait-root", "--timeout=60");
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(answer())
                    // the server may count the first ten rows once or twice
                    .anyMatch(
                        line ->
                            line.matches(
                                "blocker: public\\.a: has about (29990|30000) rows on node 'leaf',"
                                    + " its statistics say 10")));
  }

  @ParameterizedTest
  @CsvSource({"18, 18"})
  void options_and_the_root(String rootMajor, String leafMajor) throws Exception {
    cascade(rootMajor, leafMajor, "create table a (id int primary key)");
    Outcome onRoot = CommandLine.run(root, CHECK);
    assertThat(onRoot.code()).isEqualTo(1);
    assertThat(onRoot.log()).contains("ERROR node 'root' is the root\nHINT:  run this on the node");
    Outcome alone = CommandLine.run(leaf, "check", "--prepare");
    assertThat(alone.code()).isEqualTo(1);
    assertThat(alone.log()).contains("need --cut-over");
    assertThat(CommandLine.run(leaf, "check", "--cut-over", "--max-lag=soon").code()).isEqualTo(2);
    assertThat(CommandLine.run(leaf, "check").out()).isEmpty();
  }
}

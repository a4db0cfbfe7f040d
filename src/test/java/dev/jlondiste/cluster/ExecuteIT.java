package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts are executed on the root and, in the order of the queue, on the nodes below it. */
@SuppressWarnings("NullAway.Init") // each test begins with cascade()
class ExecuteIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;

  private TestNode node(String name, String major) {
    TestNode node = new TestNode(name, Servers.shared(major).createDatabase(), directory);
    open.add(node);
    return node;
  }

  private void cascade(String rootMajor, String branchMajor, String leafMajor, String... options) {
    root = node("root", rootMajor);
    branch = node("branch", branchMajor);
    leaf = node("leaf", leafMajor);
    for (TestNode node : List.of(root, branch, leaf)) {
      node.database().execute("create table mytable (id int primary key, data text)");
    }
    root.createRoot();
    List<String> add = new ArrayList<>(List.of("add-table", "mytable"));
    add.addAll(List.of(options));
    root.command(add.toArray(String[]::new));
    open.add(0, new TestTicker(root.database()));
    branch.createBelow(NodeType.BRANCH, root);
    branch.addTables(List.of("mytable"));
    branch.start();
    Eventually.inSync(branch);
    leaf.createBelow(NodeType.LEAF, branch);
    leaf.addTables(List.of("mytable"));
    leaf.start();
    Eventually.inSync(leaf);
    root.start();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private String file(String name, String sql) {
    try {
      return Files.writeString(directory.resolve(name), sql).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void arrived(TestNode node, String query, String expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(node.database().value(query)).isEqualTo(expected));
  }

  private void everywhere(String query, String expected) {
    for (TestNode node : List.of(root, branch, leaf)) {
      arrived(node, query, expected);
    }
  }

  private static String captures(TestNode node) {
    return String.valueOf(
        node.database()
            .value(
                "select string_agg(capture || case when stale then ' stale' else '' end, ',')"
                    + " from londiste._capture_status('testq')"));
  }

  @ParameterizedTest(name = "{0} to {1} to {2}, {3}")
  @CsvSource({
    "9.6, 18, 9.6, --capture=auto",
    "18, 9.6, 18, --capture=auto",
    "18, 18, 18, --capture=compatible"
  })
  void a_column_is_added_between_the_rows_before_and_after_it(
      String rootMajor, String branchMajor, String leafMajor, String capture) {
    cascade(rootMajor, branchMajor, leafMajor, capture);
    String before = captures(root);
    branch.stop(); // rows before and after the script are then in one batch
    root.database().execute("insert into mytable select i, 'old' from generate_series(1, 10) i");
    String ddl =
        file(
            "ddl.sql",
            "--*-- Local-Table: mytable\nalter table @mytable@ add column data2 text;\n");
    Outcome first = root.command("execute", ddl);
    assertThat(withoutWorkers(first.log()))
        .isEqualTo(
            """
            INFO Executing: ddl.sql
            INFO ddl.sql: executing sql
            INFO Execute finished: ddl.sql
            """);
    assertThat(captures(root)).isEqualTo(before).doesNotContain("stale");
    root.database().execute("insert into mytable values (11, 'new', 'x')");
    root.database().execute("update mytable set data2 = 'y' where id <= 5");
    branch.start();
    everywhere("select count(*) || ' ' || count(data2) from mytable", "11 6");
    assertThat(captures(branch)).doesNotContain("stale");

    Outcome again = root.command("execute", ddl);
    assertThat(withoutWorkers(again.log()))
        .isEqualTo(
            """
            INFO EXECUTE: "ddl.sql" already applied, skipping
            WARNING Skipping execution of 'ddl.sql'
            """);
    for (TestNode below : List.of(branch, leaf)) {
      Outcome refused = CommandLine.run(below, "execute", ddl);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.log()).startsWith("ERROR Node is not root node: testq\n");
    }
    assertThat(root.command("execute").log()).isEmpty();
    leaf.command("compare");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void scripts_may_change_rows_keys_names_and_whole_tables(String major) {
    cascade(major, "14", major);
    root.database().execute("insert into mytable select i, i::text from generate_series(1, 3) i");
    root.command(
        "execute",
        file("a.sql", "alter table mytable alter column id type bigint;"),
        file(
            "b.sql",
            """
            create function twice(t text) returns text language plpgsql as $$
              begin return t || ';' || t; end $$;
            create table notes (n int, t text);
            COPY notes (n, t) FROM stdin;
            1\tit's;
            2\t\\N
            \\.
            update mytable set data = twice(data); insert into mytable values (4, 'four');
            select set_config('search_path', '', false);
            set standard_conforming_strings = on; create temp table scratch (x int);
            """));
    everywhere("select pg_typeof(id)::text from mytable limit 1", "bigint");
    everywhere("select string_agg(data, ',' order by id) from mytable", "1;1,2;2,3;3,four");
    everywhere("select string_agg(n || coalesce(t, '-'), ',' order by n) from notes", "1it's;,2-");

    // The session of the worker is as it was.
    root.command("execute", "--sql=create temp table scratch (x int); select twice('x')");
    root.command("execute", "--as=rename", "--sql", "alter table mytable rename to moved");
    root.database().execute("insert into moved values (5, 'five'); delete from moved where id = 1");
    everywhere("select count(*) || max(data) from moved", "4four");
    root.database().execute("delete from moved where id = 4");
    everywhere("select count(*) || max(data) from moved", "3five");
    assertThat(CommandLine.run(root, "check").out()).doesNotContain("mytable", "moved");

    // The table that takes its place is captured, too.
    root.command(
        "execute",
        "--as=rewrite",
        "--sql",
        "create table fresh as select id::text as id, data, 0 as n from moved;"
            + " alter table fresh add primary key (id); drop table moved;"
            + " alter table fresh rename to moved");
    root.database().execute("update moved set n = 7 where id = '5'");
    everywhere("select sum(n) || max(data) from moved", "7five");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_header_decides_where_a_script_runs(String major) {
    cascade(major, major, "14");
    for (TestNode node : List.of(root, branch)) {
      node.database()
          .execute(
              "create schema extra; create view extra.v as select 1 as x; create sequence extra.s;"
                  + " create table extra.t (id int primary key);"
                  + " create function extra.f(int, text) returns int language sql as 'select 1';"
                  + " create sequence s2");
    }
    leaf.database().execute("create sequence s2");
    for (TestNode node : List.of(root, branch, leaf)) {
      node.command("add-seq", "s2");
    }
    root.command("execute", "--as=base.sql", "--sql=create table ran (name text)");
    everywhere("select count(*) from ran", "0");
    for (String header :
        List.of(
            "Need-Schema: extra",
            "Need-View: extra.v",
            "need-sequence: extra.s",
            "NEED-TABLE: extra.t",
            "Need-Function: extra.f(2)")) {
      root.command(
          "execute", "--sql", "--*-- " + header + "\ninsert into ran values ('" + header + "')");
    }
    int number = Integer.parseInt(major.replace(".", ""));
    root.command(
        "execute",
        "--sql",
        "--*-- Need-Pgver: " + (number == 96 ? "<10" : ">=15") + "\ninsert into ran values ('v')");
    for (String header :
        List.of(
            "Local-Table: public.mytable", "Local-Destination: mytable", "Local-Sequence: s2")) {
      root.command(
          "execute", "--sql", "--*-- " + header + "\ninsert into ran values ('" + header + "')");
    }
    arrived(root, "select count(*) from ran", "9");
    arrived(branch, "select count(*) from ran", "9");
    arrived(leaf, "select count(*) from ran", "3");
    root.command("execute", file("mixed.sql", "--*-- Need-Table: extra.t, mytable\nselect 1"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(leaf.command("status").out())
                    .contains(
                        "mixed.sql: SQL only partially matches local setup: matches=['mytable']"
                            + " misses=['extra.t']"));
    leaf.command("execute", "--skip", "mixed.sql");
    root.database().execute("insert into mytable values (1, 'x')");
    everywhere("select count(*) from mytable", "1");

    Outcome none =
        root.command("execute", "--as=none", "--sql=--*-- Need-Schema: nowhere\nselect 1/0");
    assertThat(withoutWorkers(none.log()))
        .isEqualTo(
            """
            INFO Executing: none
            INFO none: This SQL does not need to run on this node.
            INFO Execute finished: none
            """);
    Outcome mix =
        CommandLine.run(root, "execute", "--sql=--*-- Need-Table: mytable, nosuch\nselect 1");
    assertThat(mix.code()).isEqualTo(1);
    assertThat(mix.log())
        .contains("SQL only partially matches local setup: matches=['mytable'] misses=['nosuch']");
    Outcome key = CommandLine.run(root, "execute", "--sql=--*-- Foo: x\nselect 1");
    assertThat(key.code()).isEqualTo(1);
    assertThat(key.log()).contains("ERROR Invalid key: Foo\n"); // workers log there, too
  }

  /** The workers log to the same place. */
  private static String withoutWorkers(String log) {
    return log.lines()
        .filter(line -> !line.startsWith("INFO {") && !line.equals("INFO Consumer uptodate = 1"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handler {@code dispatch} on a leaf, from the triggers of the root to partitions. */
class PartitionedLoadIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ROOT_TABLES =
      """
      create table sales (id int, at timestamptz, v text, secret text, primary key (id));
      create table visits (id int primary key, v text);
      create table items (id int primary key, v text, secret text);
      insert into items select i, 'old', 'hidden' from generate_series(1, 100) i;
      """;
  private static final String LEAF_TABLES =
      """
      create table sold (id int, at timestamptz, "Text" text, primary key (id, at))
        partition by range (at);
      create table visits (id int primary key, v text);
      create table stock (nr int primary key, v text);
      """;

  @TempDir private Path directory;

  private TestNode node(String name, String major, String tables) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(tables);
    return new TestNode(name, database, directory);
  }

  private static void write(TestNode root, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      int id = random.nextInt(50);
      root.database()
          .execute(
              switch (random.nextInt(6)) {
                case 0, 1 ->
                    "insert into sales select i, '2026-01-15'::timestamptz + i * interval '5 days',"
                        + " 'new', 'hidden' from generate_series(%1$d, %1$d + 9) i on conflict do nothing"
                            .formatted(id);
                case 2 ->
                    "update sales set v = v || 'x' where id between %1$d and %1$d + 5"
                        .formatted(id);
                case 3 -> "delete from sales where id between %1$d and %1$d + 3".formatted(id);
                case 4 -> "delete from items where id = " + id;
                default -> "update items set v = v || 'x' where id > " + id;
              });
    }
  }

  @Test
  void partitions_of_a_branch_are_not_copied_as_an_empty_table() {
    String table = "create table visits (id int primary key, v text)";
    try (TestNode root = node("root", "16", table);
        TestNode branch = node("branch", "17", table);
        TestNode leaf = node("leaf", "18", table);
        TestNode other = node("other", "15", table)) {
      root.createRoot();
      root.addTables(List.of("visits"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.command("add-table", "visits", "--expect-sync", "--handler=yearly_event");
        Eventually.inSync(branch);
        root.database().execute("insert into visits select i, 'v' from generate_series(1, 50) i");
        await().atMost(PATIENCE).until(() -> branch.database().count("visits") == 50);
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.addTables(List.of("visits"));
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(CommandLine.run(leaf, "status").out())
                        .contains("node branch has the rows of public.visits in partitions"));
        leaf.command("resync", "visits", "--copy-node=root");
        Eventually.inSync(leaf);
        assertThat(leaf.database().count("visits")).isEqualTo(50);
        other.createBelow(NodeType.LEAF, branch);
        other.start();
        other.command("add-table", "visits", "--find-copy-node");
        Eventually.inSync(other);
        assertThat(other.database().count("visits")).isEqualTo(50);
        assertThat(leaf.command("compare", "visits").log()).contains("Using node root");
      }
    }
  }

  @Test
  void a_branch_with_partitions_takes_over_and_is_no_source_of_an_empty_copy() {
    String table = "create table visits (id int primary key, v text)";
    try (TestNode root = node("root", "16", table);
        TestNode branch = node("branch", "17", table);
        TestNode leaf = node("leaf", "18", table);
        TestNode other = node("other", "15", table)) {
      root.createRoot();
      root.addTables(List.of("visits"));
      try (TestTicker ticker = new TestTicker(root.database());
          TestTicker next = new TestTicker(branch.database())) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.command("add-table", "visits", "--expect-sync", "--handler=yearly_event");
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.addTables(List.of("visits"));
        Eventually.inSync(branch);
        Eventually.inSync(leaf);
        root.database().execute("insert into visits select i, 'v' from generate_series(1, 50) i");
        await().atMost(PATIENCE).until(() -> branch.database().count("visits") == 50);
        assertThat(branch.database().number("select count(*) from only visits")).isZero();

        assertThat(CommandLine.run(branch, "check").log())
            .doesNotContain("triggers")
            .doesNotContain("visits_");
        assertThat(CommandLine.run(branch, "takeover", "root").log())
            .contains(
                "public.visits: handler 'yearly_event' on node 'branch' leaves out or changes");
        branch.command("takeover", "root", "--ignore-handlers"); // here it has no deletes
        branch
            .database()
            .execute("insert into visits values (51, 'new'); update visits set v = v || 'x'");
        branch.database().execute("delete from visits where id = 50");
        String rows = "select x::text from visits x order by id";
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(leaf.database().column(rows))
                        .isEqualTo(branch.database().column(rows)));
        assertThat(CommandLine.run(branch, "check").log())
            .doesNotContain("triggers")
            .doesNotContain("visits_");

        other.createBelow(NodeType.LEAF, branch);
        other.start();
        other.addTables(List.of("visits"));
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(CommandLine.run(other, "status").out())
                        .contains("node branch has the rows of public.visits in partitions"));
        branch
            .database()
            .execute(
                "with p as (delete from visits_%1$s returning *) insert into visits select * from p; drop table visits_%1$s"
                    .formatted(
                        branch
                            .database()
                            .value("select to_char(now() at time zone 'UTC', 'YYYY')")));
        Eventually.inSync(other);
        for (TestNode node : List.of(leaf, other)) {
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThat(node.database().column(rows))
                          .hasSize(50)
                          .isEqualTo(branch.database().column(rows)));
        }
        String functions =
            "select count(*) from pg_proc where pronamespace = 'londiste'::regnamespace and proname like '%native\\_visits%'";
        branch
            .database()
            .execute(
                "select londiste.create_partition('visits', 'visits_x', null, null, null, null)");
        assertThat(branch.database().number(functions)).isEqualTo(9);
        branch.command("remove-table", "visits");
        // only those of the table that was dropped above
        assertThat(branch.database().number(functions)).isEqualTo(3);
      }
    }
  }

  private static void hasRows(TestNode root, TestNode leaf) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(
                      leaf.database()
                          .column(
                              "select concat_ws('|', tableoid::regclass, id, \"Text\") from sold order by id"))
                  .isEqualTo(
                      root.database()
                          .column(
                              "select concat_ws('|', to_char(at at time zone 'UTC', '\"sold_\"YYYY_MM'), id, v)"
                                  + " from sales order by id"));
              assertThat(leaf.database().column("select x::text from stock x order by nr"))
                  .isEqualTo(
                      root.database().column("select row(id, v)::text from items order by id"));
            });
  }

  @Test
  void rows_arrive_in_the_partitions_of_their_time() {
    try (TestNode root = node("root", "16", ROOT_TABLES);
        TestNode leaf = node("leaf", "18", LEAF_TABLES)) {
      root.createRoot();
      root.addTables(List.of("sales", "visits", "items"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.command(
            "add-table",
            "sales",
            "--expect-sync",
            "--force", // columns have other names
            "--handler=monthly_field",
            "--handler-arg=part_field=at",
            "--handler-arg=table=public.sold",
            "--handler-arg=fields=*,v:Text",
            "--handler-arg=skip_fields=secret");
        leaf.command("add-table", "visits", "--expect-sync", "--handler=yearly_event");
        leaf.command(
            "add-table",
            "items",
            "--force",
            "--dest-table=stock",
            "--handler=bulk_direct",
            "--handler-arg=fields=id:nr,v");
        assertThat(
                leaf.database()
                    .column("select dest_table from londiste.table_info order by table_name"))
            .containsExactly("public.stock", "public.sold", null);
        Eventually.inSync(leaf);
        root.database().execute("insert into visits select i, 'v' from generate_series(1, 500) i");
        write(root, 1);
        hasRows(root, leaf);
        write(root, 2);
        hasRows(root, leaf);
        await().atMost(PATIENCE).until(() -> leaf.database().count("visits") == 500);
        assertThat(leaf.database().column("select distinct tableoid::regclass::text from visits"))
            .hasSize(1)
            .allMatch(name -> name.matches("visits_20[0-9]{2}"));
        CommandLine.Outcome other =
            CommandLine.run(
                leaf,
                "change-handler",
                "items",
                "--handler=direct",
                "--handler-arg=table=public.other");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.log())
            .contains("table=public.other: the local table of public.items is public.stock");
        assertThat(
                CommandLine.run(
                        leaf,
                        "add-table",
                        "x",
                        "--dest-table=a",
                        "--handler=direct",
                        "--handler-arg=table=b")
                    .log())
            .contains("--dest-table=public.a and handler argument table=public.b differ");
        CommandLine.Outcome again = CommandLine.run(leaf, "resync", "visits");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.log())
            .contains("public.visits: its rows are in partitions, a copy would add them")
            .contains("HINT:  empty the table and its partitions, remove-table");
        assertThat(CommandLine.run(leaf, "compare", "visits").log())
            .contains("public.visits: not compared: handler 'yearly_event' writes its rows to");
        assertThat(CommandLine.run(leaf, "change-handler", "visits").log())
            .contains("HINT:  empty the table and its partitions")
            .doesNotContain("resync");
        leaf.command("resync", "items");
        hasRows(root, leaf);
        assertThat(leaf.command("show-handlers", "bulk_monthly_field").out())
            .contains("part_field", "keep_latest");
      }
    }
  }
}

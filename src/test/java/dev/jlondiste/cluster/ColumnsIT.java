package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handler {@code columns}: tables with other columns than on the root. */
class ColumnsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLE =
      """
      create table t (id int primary key, name text, price numeric(10,2), secret text,
                      paid boolean, at timestamp);
      create index on t (secret);
      """;
  private static final String[] ADD = {
    "add-table",
    "t",
    "--create-full",
    "--handler=columns",
    "--handler-arg=skip_fields=secret",
    "--handler-arg=rename=id:nr",
    "--handler-arg=set=origin = 'eu', size = length(secret), total = price * 2,"
        + " paid = not paid::boolean"
  };
  private static final String EXPECTED =
      """
      select concat_ws('|', id, name, price, not paid, at, 'eu', length(secret), price * 2)
        from t order by id
      """;
  private static final String MAPPED =
      "select concat_ws('|', nr, name, price, paid, at, origin, size, total) from t order by nr";

  @TempDir private Path directory;

  private TestNode node(String name, String major) {
    return new TestNode(name, Servers.shared(major).createDatabase(), directory);
  }

  private static void history(TestDatabase root, long seed) {
    Random random = new Random(seed);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int id = random.nextInt(80);
      all.add(
          switch (random.nextInt(9)) {
            case 0, 1 ->
                ("insert into t values (%d, 'n', 1.5, 'abc', true, '2026-01-02 03:04:05.6')"
                        + " on conflict do nothing")
                    .formatted(id);
            case 2 ->
                ("insert into t select i, 'many', i, repeat('x', i %% 5), i %% 3 = 0, now()"
                        + " from generate_series(%d, %d) i on conflict do nothing")
                    .formatted(id, id + 300);
            case 3 -> "update t set secret = secret || 'y' where id %% 3 = %d".formatted(id % 3);
            case 4 -> "update t set price = price + 1, paid = not paid";
            case 5 -> "update t set secret = null, paid = null where id = " + id;
            case 6 -> "delete from t where id between %d and %d".formatted(id, id + 9);
            case 7 -> "update t set id = -%1$d where id = %2$d".formatted(seed * 1000 + i, id);
            default -> random.nextInt(6) == 0 ? "truncate t" : "update t set name = name || 'z'";
          });
    }
    root.executeEach(all.toArray(String[]::new));
  }

  private static void haveTheRows(TestNode root, TestNode... nodes) {
    for (TestNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(node.database().column(MAPPED))
                      .as(node.name())
                      .isEqualTo(root.database().column(EXPECTED)));
    }
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6"})
  @WholeMatrix({"16, 14"})
  void columns_are_left_out_renamed_and_computed(String source, String target) {
    try (TestNode root = node("root", source);
        TestNode branch = node("branch", target);
        TestNode leaf = node("leaf", "15")) {
      root.database().execute(TABLE);
      root.createRoot();
      root.addTables(List.of("t"));
      history(root.database(), 1);
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.command(ADD);
        Eventually.inSync(branch);
        assertThat(
                branch
                    .database()
                    .column(
                        "select format('%s %s', attname, format_type(atttypid, atttypmod))"
                            + " from pg_attribute where attrelid = 't'::regclass and attnum > 0"
                            + " and not attisdropped order by attname"))
            .containsExactly(
                "at timestamp without time zone",
                "name text",
                "nr integer",
                "origin text",
                "paid boolean",
                "price numeric(10,2)",
                "size integer",
                "total numeric");
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.command("add-table", "t", "--create");
        Eventually.inSync(leaf);
        for (int seed = 2; seed < 5; seed++) {
          history(root.database(), seed);
          haveTheRows(root, branch, leaf);
        }
        branch.command("resync", "t");
        history(root.database(), 5);
        Eventually.inSync(branch);
        haveTheRows(root, branch, leaf);
        for (TestNode node : List.of(branch, leaf)) {
          assertThat(node.command("compare").log())
              .contains("Counting public.t")
              .doesNotContain("do not match")
              .doesNotContain("not compared");
        }
        assertThat(branch.command("check").log()).doesNotContain("public.t");
        root.database().execute("insert into t values (-1, 'n', 1.5, 'abc', true, now())");
        haveTheRows(root, branch, leaf);
        branch
            .database()
            .execute(
                "set session_replication_role = replica; update t set total = 0 where nr = -1");
        assertThat(CommandLine.run(branch, "compare", "t").code()).isEqualTo(3);
      }
    }
  }

  private static String refused(TestNode node, String... arguments) {
    return refused("add-table", node, arguments);
  }

  private static String refused(String command, TestNode node, String... arguments) {
    List<String> words = new ArrayList<>(List.of(command, "t", "--handler=columns"));
    for (String argument : arguments) {
      words.add("--handler-arg=" + argument);
    }
    CommandLine.Outcome outcome = CommandLine.run(node, words.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.log()).isEqualTo(1);
    return outcome.log();
  }

  @Test
  void what_cannot_be_replicated_is_refused() {
    try (TestNode root = node("root", "17");
        TestNode leaf = node("leaf", "17")) {
      root.database().execute(TABLE);
      leaf.database()
          .execute(
              """
              create table t (id int, name text, price numeric(10,2), secret text, paid boolean,
                              at timestamp, part text default '', primary key (id, part))
              """);
      root.createRoot();
      root.addTables(List.of("t"));
      leaf.createBelow(NodeType.LEAF, root);
      assertThat(refused(leaf))
          .contains("column 'part' belongs to the primary key of public.t")
          .contains("HINT:  rows are identified by their key");
      assertThat(refused(leaf, "skip_fields=id", "set=part='x'"))
          .contains("handler 'columns' of table public.t: key column 'id' of public.t is left out");
      assertThat(refused(leaf, "skip_fields=nosuch", "set=part='x'"))
          .contains("the source of public.t has no column 'nosuch'");
      assertThat(refused(leaf, "rename=name:title", "set=part='x'"))
          .contains("column title is missing here");
      assertThat(refused(leaf, "set=part='x', total=1"))
          .contains("public.t has no column 'total', to which set assigns a value");
      assertThat(refused(leaf, "set=part='x', name=nosuch(id)"))
          .contains("cannot assign nosuch(id) to column 'name': ERROR: function nosuch(integer)")
          .contains("HINT:  an expression uses columns of the source");
      assertThat(refused(leaf, "set=part='x', price='much'"))
          .contains("invalid input syntax for type numeric: \"much\"");
      assertThat(refused(leaf, "set=part=(")).contains("a bracket is not closed");
      assertThat(refused(leaf, "set=part")).contains("'part' is not COLUMN = EXPRESSION");
      assertThat(refused(leaf, "rename=id:a,name:a")).contains("two columns are written to 'a'");
      assertThat(refused(leaf, "fields=id:a:b")).contains("'id:a:b' cannot be read");
      leaf.command(
          "add-table", "t", "--handler=columns", "--handler-arg=set=part='x'", "--expect-sync");
      assertThat(refused("change-handler", leaf, "skip_fields=nosuch", "set=part='x'"))
          .contains("the source of public.t has no column 'nosuch'");
      assertThat(refused("change-handler", leaf, "rename=name:title", "set=part='x'"))
          .contains("column title is missing here")
          .contains("HINT:  change the local table, or give the handler other arguments");
      assertThat(refused("change-handler", leaf, "set=part='x', name=nosuch(id)"))
          .contains("cannot assign nosuch(id) to column 'name'");
      leaf.command(
          "change-handler",
          "t",
          "--handler=columns",
          "--handler-arg=skip_fields=secret",
          "--handler-arg=set=part='x'");
      leaf.database().execute("alter table t drop column price");
      assertThat(leaf.command("change-handler", "t").log())
          .contains("WARNING public.t: column price is missing here");
    }
  }
}

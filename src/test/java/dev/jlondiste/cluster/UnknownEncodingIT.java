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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases with encoding SQL_ASCII: bytes arrive as they are, or are refused by name. */
class UnknownEncodingIT {
  private static final String TABLES =
      """
      create table t (id int primary key, v text);
      create table u (id int primary key, v text);
      """;

  /** Every byte but zero, which no text has. */
  private static final String ALL_BYTES =
      """
      do $$
      declare v text := '';
      begin
          for i in 1..255 loop v := v || chr(i); end loop;
          insert into %s values (%d, v);
      end $$
      """;

  private static final String BYTES =
      "select id || ':' || encode(convert_to(v, 'SQL_ASCII'), 'hex') from %s order by id";

  @TempDir private Path directory;

  private static TestDatabase ascii(String major) {
    return Servers.shared(major).createDatabaseOfBytes();
  }

  @ParameterizedTest(name = "{2} from {0} to {1}")
  @CsvSource({"9.6, 18, auto, false", "18, 9.6, auto, true", "13, 13, compatible, true"})
  @WholeMatrix({"13, 18, compatible, false"})
  void every_byte_arrives(String source, String target, String capture, boolean branch)
      throws Exception {
    try (TestNode root = new TestNode("root", ascii(source), directory);
        TestNode node = new TestNode("node", ascii(target), directory);
        TestNode leaf = new TestNode("leaf", ascii(target), directory)) {
      root.database().execute(TABLES);
      node.database().execute(TABLES);
      leaf.database().execute(TABLES);
      root.database().execute(ALL_BYTES.formatted("t", 1));
      root.createRoot();
      root.command("add-table", "--capture=" + capture, "t", "u");
      node.createBelow(branch ? NodeType.BRANCH : NodeType.LEAF, root);
      node.command("add-table", "t", "u");
      try (TestTicker ticker = new TestTicker(root.database())) {
        node.start();
        Eventually.inSync(node);
        if (branch) {
          leaf.createBelow(NodeType.LEAF, node);
          leaf.command("add-table", "t", "u");
          leaf.start();
          Eventually.inSync(leaf);
        }
        root.database().execute(ALL_BYTES.formatted("t", 2));
        root.database()
            .execute(
                "insert into u select i + 1000, v from t, generate_series(1, 300) i where id = 1");
        root.database().execute("update u set v = v || id::text where id % 2 = 0");
        root.database().execute("delete from u where id % 7 = 0");
        for (String table : new String[] {"t", "u"}) {
          await()
              .atMost(Duration.ofSeconds(40))
              .untilAsserted(
                  () ->
                      assertThat((branch ? leaf : node).database().column(BYTES.formatted(table)))
                          .isEqualTo(root.database().column(BYTES.formatted(table))));
        }
        assertThat(CommandLine.run(node, "compare").code()).isZero();
      }
    }
  }

  /** Tables with handlers that have only some of the rows: those with an odd owner. */
  private static void addPart(TestNode node, String... options) {
    for (String words :
        List.of(
            "add-table f --handler=filter --handler-arg=where=owner%2=1",
            "add-table s --handler=shard --handler-arg=hash_key=owner --handler-arg=hashfunc=int4")) {
      List<String> all = new ArrayList<>(List.of(words.split(" ")));
      all.addAll(List.of(options));
      node.command(all.toArray(String[]::new));
    }
  }

  private static final String PARTS =
      """
      create table f (id int primary key, owner int, v text);
      create table s (id int primary key, owner int, v text);
      """;

  @ParameterizedTest(name = "{0}, branch: {1}")
  @CsvSource({"auto, false", "compatible, true"})
  void rows_of_bytes_enter_and_leave_a_part(String capture, boolean branch) throws Exception {
    try (TestNode root =
            new TestNode("root", ascii("16"), directory, "shard_info_sql = select 0, 0");
        TestNode node =
            new TestNode("node", ascii("14"), directory, "shard_info_sql = select 1, 1");
        TestNode leaf = new TestNode("leaf", ascii("16"), directory)) {
      root.database().execute(PARTS);
      node.database().execute(PARTS);
      leaf.database().execute(PARTS);
      root.createRoot();
      addPart(root, "--capture=" + capture);
      node.createBelow(branch ? NodeType.BRANCH : NodeType.LEAF, root);
      addPart(node);
      try (TestTicker ticker = new TestTicker(root.database())) {
        node.start();
        Eventually.inSync(node);
        if (branch) {
          leaf.createBelow(NodeType.LEAF, node);
          leaf.command("add-table", "f", "s");
          leaf.start();
          Eventually.inSync(leaf);
        }
        for (String table : List.of("f", "s")) {
          root.database()
              .execute(
                  """
                  insert into %1$s select i, i, E'caf\\xe9' from generate_series(1, 8) i;
                  insert into %1$s select i, i, E'caf\\xc3\\xa9' from generate_series(9, 12) i;
                  update %1$s set owner = owner + 1 where id in (1, 2, 9);
                  update %1$s set owner = owner + 1, v = E'\\xe9\\xe8' where id in (10, 11);
                  update %1$s set owner = owner + 1, v = 'plain' where id in (3, 4);
                  update %1$s set owner = owner + 2, v = v || 'x' where id in (5, 6);
                  """
                      .formatted(table));
        }
        for (String table : List.of("f", "s")) {
          await()
              .atMost(Duration.ofSeconds(40))
              .untilAsserted(
                  () ->
                      assertThat((branch ? leaf : node).database().column(BYTES.formatted(table)))
                          .as(table)
                          .isEqualTo(
                              root.database()
                                  .column(
                                      BYTES.formatted(
                                          "(select * from " + table + " where owner % 2 = 1) x"))));
        }
        assertThat(CommandLine.run(node, "compare").code()).isZero();
      }
    }
  }

  @Test
  void a_row_of_bytes_that_moves_to_a_database_with_an_encoding_is_named() throws Exception {
    try (TestNode root =
            new TestNode("root", ascii("13"), directory, "shard_info_sql = select 0, 0");
        TestNode leaf =
            new TestNode(
                "leaf",
                Servers.shared("18").createDatabase(),
                directory,
                "shard_info_sql = select 1, 1")) {
      root.database().execute(PARTS);
      leaf.database().execute(PARTS);
      root.createRoot();
      addPart(root, "--capture=compatible");
      leaf.createBelow(NodeType.LEAF, root);
      addPart(leaf);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf);
        for (String table : List.of("f", "s")) {
          root.database().execute("insert into %s values (5, 2, E'caf\\xe9')".formatted(table));
          root.database().execute("update %s set owner = 1".formatted(table));
          await()
              .atMost(Duration.ofSeconds(40))
              .untilAsserted(
                  () ->
                      assertThat(CommandLine.run(leaf, "status").out())
                          .contains("byte 0xe9")
                          .contains("public." + table));
          root.database().execute("update %s set v = 'coffee'".formatted(table));
          leaf.command("resync", table);
          await()
              .atMost(Duration.ofSeconds(60))
              .untilAsserted(
                  () ->
                      assertThat(leaf.database().column("select v from " + table))
                          .containsExactly("coffee"));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"auto", "compatible"})
  void a_byte_that_is_no_character_is_named_and_passed_by_a_resync(String capture)
      throws Exception {
    try (TestNode root = new TestNode("root", ascii("13"), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      root.database().execute(TABLES);
      leaf.database().execute(TABLES);
      root.createRoot();
      root.command("add-table", "--capture=" + capture, "t", "u");
      leaf.createBelow(NodeType.LEAF, root);
      leaf.command("add-table", "t", "u");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf);
        root.database().execute("insert into t values (5, E'caf\\xe9'), (6, E'caf\\xc3\\xa9')");
        await()
            .atMost(Duration.ofSeconds(40))
            .untilAsserted(
                () ->
                    assertThat(CommandLine.run(leaf, "status").out())
                        .contains("byte 0xe9")
                        .contains("id=5")
                        .contains("public.t"));
        root.database().execute("update t set v = 'coffee' where id = 5");
        leaf.command("resync", "t");
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(
                () ->
                    assertThat(leaf.database().column("select v from t order by id"))
                        .containsExactly("coffee", "café"));
      }
    }
  }

  @Test
  void a_copied_row_that_is_no_text_is_named() throws Exception {
    try (TestNode root = new TestNode("root", ascii("13"), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      root.database().execute(TABLES);
      leaf.database().execute(TABLES);
      root.database().execute("insert into t values (7, E'ok'), (8, E'caf\\xe9')");
      root.createRoot();
      root.addTables(List.of("t"));
      leaf.createBelow(NodeType.LEAF, root);
      leaf.addTables(List.of("t"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        await()
            .atMost(Duration.ofSeconds(40))
            .untilAsserted(
                () ->
                    assertThat(CommandLine.run(leaf, "status").out())
                        .contains(
                            "row of public.t with key id=8: byte 0xe9 at position 6 is not UTF-8"));
        root.database().execute("update t set v = 'coffee' where id = 8");
        Eventually.inSync(leaf);
        assertThat(leaf.database().column("select v from t order by id"))
            .containsExactly("ok", "coffee");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"auto", "compatible"})
  void bytes_that_are_no_character_are_replaced_if_the_handler_repairs(String capture)
      throws Exception {
    String[] add = {"add-table", "t", "--handler-arg=encoding=utf8"};
    try (TestNode root = new TestNode("root", ascii("13"), directory);
        TestNode branch = new TestNode("branch", Servers.shared("18").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("14").createDatabase(), directory);
        TestTicker ticker = new TestTicker(root.database())) {
      for (TestNode node : new TestNode[] {root, branch, leaf}) {
        node.database().execute(TABLES);
      }
      root.database().execute("insert into t values (1, E'ok'), (2, E'caf\\xe9\t')");
      root.createRoot();
      root.command("add-table", "--capture=" + capture, "t");
      branch.createBelow(NodeType.BRANCH, root);
      branch.start();
      branch.command(add);
      Eventually.inSync(branch);
      leaf.createBelow(NodeType.LEAF, branch);
      leaf.start();
      leaf.addTables(List.of("t"));
      Eventually.inSync(leaf);
      root.database().execute("insert into t values (3, E'\\xc3\\xa9\\xff\\xfe.'), (4, E'ok')");
      root.database().execute("update t set v = v || '!' where id in (2, 4)");
      root.database().execute("insert into t select i, E'x\\x80' from generate_series(5, 300) i");
      root.database().execute("delete from t where id between 6 and 300");
      for (TestNode node : new TestNode[] {branch, leaf}) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(node.database().column("select v from t order by id"))
                        .as(node.name())
                        .containsExactly("ok", "caf\ufffd\t!", "é\ufffd\ufffd.", "ok!", "x\ufffd"));
      }
    }
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A leaf becomes a branch while it replicates, gets a subscriber, and becomes a leaf again. {@code
 * -Djlondiste.conversion.tables=1000} measures with more tables.
 */
@SuppressWarnings("NullAway.Init") // each test begins with nodes()
class NodeConversionIT {
  private static final int TABLES = Integer.getInteger("jlondiste.conversion.tables", 30);
  private static final String TYPE = "select node_type from pgq_node.node_info";
  private static final String TRIGGERS =
      """
      select string_agg(distinct case when p.proname like '\\_native\\_%' then 'native'
                                      when position('deny' in encode(g.tgargs, 'escape')) > 0
                                      then 'deny' else 'compatible' end, ' ')
        from pg_trigger g join pg_proc p on p.oid = g.tgfoid
       where not g.tgisinternal and g.tgname like '\\_londiste\\_testq%'
         and g.tgrelid = ?::regclass
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestNode below;
  private TestTicker ticker;

  private void nodes(String rootMajor, String leafMajor) throws Exception {
    root = new TestNode("root", Servers.shared(rootMajor).createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.shared(leafMajor).createDatabase(), directory);
    below = new TestNode("below", Servers.newest().createDatabase(), directory);
    root.createRoot();
    leaf.createBelow(NodeType.LEAF, root);
    ticker = new TestTicker(root.database());
    for (TestNode node : List.of(root, leaf, below)) {
      Shop.create(node.database());
    }
    Shop.fill(root.database(), 200);
    root.addTables(Shop.TABLES);
    leaf.addTables(Shop.TABLES);
    root.start();
    leaf.start();
    Eventually.inSync(leaf);
  }

  @AfterEach
  void close() {
    for (AutoCloseable part : List.<AutoCloseable>of(below, leaf, ticker, root)) {
      try {
        part.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static String type(TestNode node) {
    return String.valueOf(node.database().value(TYPE));
  }

  private static List<String> triggers(TestDatabase database) {
    return List.of("customers", "orders", "\"Odd Table\"", "journal").stream()
        .map(table -> database.column(TRIGGERS, table).get(0))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6", "13, 14"})
  void no_row_is_lost_below_a_converted_leaf(String rootMajor, String leafMajor) throws Exception {
    nodes(rootMajor, leafMajor);
    assertThat(triggers(leaf.database())).containsOnly("deny");
    try (Load load = Load.on(root.database(), 2, 5)) {
      for (int round = 0; round < 2; round++) {
        Outcome outcome = leaf.command("convert-node", "--to=branch");
        assertThat(outcome.log())
            .contains("INFO [leaf] Queue 'testq' begins at tick ")
            .contains("native: 4, compatible: 0, none: 0\n")
            .endsWith("INFO Node 'leaf' is a branch\n");
        assertThat(type(leaf)).isEqualTo("branch");
        assertThat(triggers(leaf.database())).containsOnly("native");
        assertThat(CommandLine.run(leaf, "check").log()).doesNotContain("trigger");
        assertThatThrownBy(() -> leaf.database().execute("insert into journal values (-1, 1)"))
            .hasMessageContaining("Insert into queue disallowed");

        below.createBelow(NodeType.LEAF, leaf);
        below.addTables(Shop.TABLES);
        below.start();
        Eventually.inSync(below);
        Outcome refused = CommandLine.run(leaf, "convert-node", "--to=leaf");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.log())
            .contains("ERROR the queue of node 'leaf' is in use: subscriber below\n");
        long before = load.committed();
        await().until(() -> load.committed() > before + 100);
        below.command("compare");
        below.stop();
        root.command("drop-node", "below");

        leaf.command("convert-node", "--to=leaf");
        assertThat(type(leaf)).isEqualTo("leaf");
        assertThat(leaf.database().count("pgq.queue")).isZero();
        assertThat(triggers(leaf.database())).containsOnly("deny");
        assertThatThrownBy(() -> leaf.database().execute("truncate journal"))
            .hasMessageContaining("change not allowed");
      }
      load.finish();
    }
    Eventually.equal(root, leaf);
    assertThat(
            leaf.database()
                .value("select count(*) from pg_proc where proname like '\\_current\\_table%'"))
        .isEqualTo("0");
    assertThat(leaf.database().value("select node_attrs from pgq_node.node_info")).isNull();
  }

  @Test
  void options_of_tables_are_respected() throws Exception {
    nodes("18", "18");
    leaf.command("remove-table", "public.journal", "public.customers", "public.orders");
    leaf.command("add-table", "public.journal", "--no-triggers");
    leaf.command("add-table", "public.customers", "--trigger-flags=J");
    leaf.command("add-table", "public.orders", "--trigger-arg=ignore=note");
    Eventually.inSync(leaf);
    leaf.command("convert-node", "--to=branch");
    assertThat(triggers(leaf.database()).toString())
        .isEqualTo("[compatible, compatible, native, null]");
    leaf.command("convert-node", "--to=leaf");
    assertThat(triggers(leaf.database()).toString()).isEqualTo("[deny, deny, deny, null]");
  }

  /** Creates tables that need no copy; each uses a sequence. */
  private static List<String> manyTables(TestNode root, TestNode leaf) {
    String create =
        "do $$begin for i in 1 .. %d loop execute 'create table many_' || i || ' (id serial primary"
            + " key, a text, b numeric, c timestamptz)'; end loop; end$$";
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute(create.formatted(TABLES));
    }
    root.command("add-table", "public.many_*");
    leaf.command("add-table", "public.many_*", "--expect-sync");
    Eventually.inSync(leaf);
    return IntStream.rangeClosed(1, TABLES).mapToObj(i -> "many_" + i).toList();
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  @Test
  void many_tables_are_converted_while_the_worker_runs() throws Exception {
    nodes("18", "18");
    manyTables(root, leaf);
    long begin = System.nanoTime();
    leaf.command("convert-node", "--to=branch");
    long toBranch = millisSince(begin);
    begin = System.nanoTime();
    leaf.command("convert-node", "--to=branch");
    long repeated = millisSince(begin);
    assertThat(triggers(leaf.database())).containsOnly("native");
    begin = System.nanoTime();
    leaf.command("convert-node", "--to=leaf");
    System.out.printf(
        "NodeConversionIT: %d tables to branch in %d ms, repeated in %d ms, back in %d ms%n",
        TABLES, toBranch, repeated, millisSince(begin));
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  void a_leaf_with_many_tables_takes_over_and_gives_back(String rootMajor, String leafMajor)
      throws Exception {
    nodes(rootMajor, leafMajor);
    List<String> tables = manyTables(root, leaf);
    for (TestNode node : List.of(root, leaf)) {
      node.command("add-seq", "--all");
    }
    try (TestTicker next = new TestTicker(leaf.database())) {
      long begin = System.nanoTime();
      CommandLine.run(leaf, "check", "--cut-over");
      System.out.printf(
          "NodeConversionIT: %d tables, check --cut-over in %d ms%n", TABLES, millisSince(begin));
      takeOver(leaf, root);
      takeOver(root, leaf);
      for (String table : tables.subList(0, 3)) {
        root.database().execute("insert into " + table + " (a) values ('x')");
        await().until(() -> leaf.database().count(table) == 1);
      }
      takeOver(leaf, root);
    }
  }

  private static void takeOver(TestNode fresh, TestNode old) {
    long begin = System.nanoTime();
    Outcome outcome = fresh.command("takeover", old.name());
    assertThat(type(fresh)).isEqualTo("root");
    System.out.printf(
        "NodeConversionIT: %d tables, takeover by %s in %d ms:%n%s",
        TABLES, fresh.database(), millisSince(begin), phases(outcome.log()));
  }

  private static String phases(String log) {
    return log.lines()
        .filter(line -> line.startsWith("INFO   ") || line.startsWith("INFO Pause: "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void a_location_that_a_member_has_wrong_is_corrected() throws Exception {
    nodes("18", "18");
    root.database()
        .execute(
            "update pgq_node.node_location set node_location = 'dbname=x'"
                + " where node_name = 'leaf'");
    leaf.command("convert-node", "--to=branch");
    assertThat(
            root.database()
                .value("select node_location from pgq_node.node_location where node_name = 'leaf'"))
        .isEqualTo(leaf.database().connectString());
  }

  @Test
  void a_pause_by_an_operator_stays() throws Exception {
    nodes("18", "18");
    leaf.command("pause");
    Outcome outcome = leaf.command("convert-node", "--to=branch");
    assertThat(outcome.log()).contains("WARNING [leaf] the worker was paused before and stays so");
    assertThat(leaf.database().value("select paused from pgq_node.local_state")).isEqualTo("t");
    leaf.command("convert-node", "--to=branch");
    assertThat(leaf.database().value("select paused from pgq_node.local_state")).isEqualTo("t");
    leaf.command("resume");
    Eventually.equal(root, leaf);
  }
}

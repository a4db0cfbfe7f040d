package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code add-table} and {@code change-handler} refuse because of a handler's arguments. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArgumentCheckIT {
  private static final String TABLES =
      """
      create table t (id int primary key, at timestamptz, v text);
      create table u (id int primary key, at timestamptz, v text);
      create table later (id int primary key, at timestamptz, v text);
      """;

  @TempDir private static Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeAll
  void cascade() {
    root = node("root", Servers.OLDEST);
    leaf = node("leaf", Servers.NEWEST);
    root.createRoot();
    root.addTables(List.of("t", "u"));
    ticker = new TestTicker(root.database());
    root.start();
    leaf.createBelow(NodeType.LEAF, root);
    leaf.start();
    leaf.addTables(List.of("u"));
    Eventually.inSync(leaf);
  }

  private TestNode node(String name, String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLES);
    return new TestNode(name, database, directory);
  }

  @AfterAll
  void close() {
    ticker.close();
    leaf.close();
    root.close();
  }

  private static List<String> handler(String name, String arguments) {
    List<String> words = new ArrayList<>(List.of("--handler=" + name));
    for (String argument : arguments.split(" ")) {
      words.add("--handler-arg=" + argument.replace('_', ' ').replace("  ", "_"));
    }
    return words;
  }

  private static String refused(TestNode node, String command, String table, List<String> words) {
    List<String> all = new ArrayList<>(List.of(command, table));
    all.addAll(words);
    CommandLine.Outcome result = CommandLine.run(node, all.toArray(String[]::new));
    assertThat(result.code()).as(result.log()).isEqualTo(1);
    return result.log();
  }

  /** A blank is written as one underscore, and an underscore as two. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          applyfn     | func__name=nosuchfn            | func_name=nosuchfn: ERROR: function nosuchfn(text, text
          applyfn     | func__name=abs                 | create function abs(text, text
          multimaster | timefield=at func__name=no.fn  | func_name=no.fn: ERROR: schema "no" does not exist
          multimaster | timefield=ts                   | timefield=ts: table public.t of its source has no such column
          daily__event| part__func=nosuchfn            | create function nosuchfn(text, text, text, text, timestamptz, text)
          daily__event| retention__period=5_dayz       | an interval of PostgreSQL, such as '30 days'
          daily__field| part__field=ts                 | part_field=ts: table public.t of its source has no such column
          shard       | hash__key=no                   | hash_key=no: table public.t of its source has no such column
          filter      | where=no>1                     | condition 'no>1'
          """)
  void a_subscriber_checks_them(String handler, String arguments, String message) {
    List<String> words = handler(handler.replace("__", "_"), arguments);
    assertThat(refused(leaf, "add-table", "t", words)).contains(message);
    assertThat(refused(leaf, "change-handler", "u", words))
        .contains(message.replace("public.t", "public.u"));
    assertThat(leaf.command("tables").out())
        .contains("public.u")
        .doesNotContain("public.t", "handler");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          multimaster | timefield=ts             | timefield=ts: table public.later has no such column
          daily__field| part__field=ts           | part_field=ts: table public.later has no such column
          daily__event| retention__period=5_dayz | retention_period=5 dayz: ERROR: invalid input syntax
          """)
  void a_root_checks_what_it_can(String handler, String arguments, String message) {
    assertThat(refused(root, "add-table", "later", handler(handler.replace("__", "_"), arguments)))
        .contains(message);
    assertThat(root.command("tables").out()).doesNotContain("public.later");
  }

  @Test
  void a_table_that_was_added_is_not_changed_silently() {
    String log = refused(leaf, "add-table", "u", List.of("--handler=bulk"));
    assertThat(log)
        .contains(
            "table public.u was added with handler 'londiste', not 'bulk'",
            "change-handler public.u --handler=bulk");
    leaf.command("change-handler", "u", "--handler=bulk", "--handler-arg=method=1");
    assertThat(refused(leaf, "add-table", "u", List.of("--handler=bulk")))
        .contains("with handler 'bulk(method=1)', not 'bulk'");
    assertThat(leaf.command("add-table", "u", "--handler=bulk", "--handler-arg=method=1").log())
        .contains("public.u already processed");
    assertThat(refused(leaf, "add-table", "u", List.of("--dest-table=other")))
        .contains("was added as local table public.u, not public.other");
    assertThat(leaf.command("add-table", "u", "--dest-table=u").log())
        .contains("public.u already processed");
    leaf.command("change-handler", "u");
  }
}

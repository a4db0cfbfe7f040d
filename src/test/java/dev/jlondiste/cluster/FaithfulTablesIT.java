package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that cannot be replicated exactly are added only with an explicit option. */
class FaithfulTablesIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;

  @BeforeEach
  void two_nodes() {
    root = new TestNode("root", Servers.oldest().createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    leaf.createBelow(NodeType.LEAF, root);
    root.database()
        .execute(
            """
            create unlogged table heap (id int primary key);
            create table ext (id int primary key);
            alter extension plpgsql add table ext;
            create table words (word text collate "POSIX" primary key);
            """);
  }

  @AfterEach
  void close() {
    leaf.close();
    root.close();
  }

  private static void assertRefused(Outcome outcome, String... lines) {
    assertThat(outcome.log()).contains(lines);
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void the_root_refuses_what_it_may_lose_or_does_not_own() throws Exception {
    Outcome all = CommandLine.run(root, "add-table", "--all");
    assertRefused(
        all,
        "INFO Table public.ext belongs to extension plpgsql, skipping\n",
        "ERROR Table public.heap is unlogged: after a crash of its server it is empty there, and"
            + " full elsewhere\n"
            + "HINT:  'alter table \"public\".\"heap\" set logged', or accept that with"
            + " --allow=unlogged\n",
        "INFO Table added: public.words\n",
        "ERROR 1 of 3 tables not added: public.heap\n");
    assertRefused(
        CommandLine.run(root, "add-table", "ext"),
        "ERROR Table public.ext belongs to extension plpgsql, which fills and changes it by itself"
            + " on each server\nHINT:  'create extension' there, or accept that with"
            + " --allow=extension\n");
    assertRefused(
        CommandLine.run(root, "add-table", "ext", "--allow=everything"),
        """
        ERROR --allow: unknown word 'everything'
        HINT:  unlogged, extension, encoding, collation
        """);
    root.command("add-table", "--all", "--allow=unlogged,extension");
    assertThat(CommandLine.run(root, "tables", "--names-only").out())
        .isEqualTo("public.ext\npublic.heap\npublic.words\n");
    try (var session = root.database().connect();
        var statement = session.createStatement()) {
      statement.execute("create temporary table t (id int primary key)");
      String schema =
          root.database()
              .value(
                  "select relnamespace::regnamespace::text from pg_class where relpersistence ="
                      + " 't' and relname = 't'");
      assertRefused(
          CommandLine.run(root, "add-table", schema + ".t", "--force"),
          "ERROR Table " + schema + ".t is temporary, it exists for one session only\n");
    }
  }

  @Test
  void a_subscriber_refuses_tables_that_may_lose_rows_and_reports_other_rules_for_keys() {
    root.command("add-table", "--all", "--allow=unlogged");
    leaf.database()
        .execute(
            """
            create table words (word text collate "ucs_basic" primary key);
            create unlogged table heap (id int primary key)
            """);
    Outcome all = CommandLine.run(leaf, "add-table", "--all", "--create");
    assertRefused(
        all,
        "ERROR Table public.heap is unlogged: ",
        "INFO Table added: public.words\n",
        "WARNING keys of text are sorted by other rules, queries that depend on their order may"
            + " answer otherwise: public.words.word: pg_catalog.\"POSIX\" there and"
            + " pg_catalog.ucs_basic here (--allow=collation silences this)\n");
    leaf.command("add-table", "heap", "--allow=unlogged");
    leaf.command("remove-table", "words");
    assertThat(leaf.command("add-table", "words", "--allow=collation").log())
        .doesNotContain("WARNING");
  }
}

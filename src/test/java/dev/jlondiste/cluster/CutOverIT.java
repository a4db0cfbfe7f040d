package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Before a cut-over from the root to a leaf, the operator reads what the leaf lacks. */
@SuppressWarnings("NullAway.Init") // each test begins with nodes()
class CutOverIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;

  private void nodes(String rootMajor, String leafMajor) {
    root = new TestNode("root", Servers.shared(rootMajor).createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.shared(leafMajor).createDatabase(), directory);
    root.createRoot();
    leaf.createBelow(NodeType.LEAF, root);
  }

  private static void tables(TestNode node, String... names) {
    for (String name : names) {
      node.database().execute("create table " + name + " (id int primary key, t text)");
    }
  }

  @AfterEach
  void close() {
    leaf.close();
    root.close();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 13"})
  void gaps_are_reported_by_check_compare_wait_root_and_drop_node(String old, String fresh) {
    nodes(old, fresh);
    tables(root, "a", "b", "c", "d", "f", "g");
    tables(leaf, "a", "b", "c", "f", "g");
    root.database().execute("insert into a values (1); insert into b values (1)");
    root.command("add-table", "a", "b", "c", "d", "f", "g");
    try (TestTicker ticker = new TestTicker(root.database())) {
      leaf.command("add-table", "a", "b", "f", "g");
      root.start();
      leaf.start();
      Eventually.inSync(leaf);
      root.database().execute("create table late (id serial primary key); create sequence s");
      leaf.database().executeAsReplica("update b set t = 'wrong'; drop table f");
      leaf.database().execute("alter table g set unlogged; alter table g disable trigger user");

      Outcome check = CommandLine.run(leaf, "check");
      assertThat(check.code()).isEqualTo(3);
      assertThat(check.log())
          .isEqualTo(
              """
              WARNING public.f: public.f no longer exists; to fix it: create it, then resync public.f; or remove-table public.f
              WARNING public.g: triggers are disabled: _londiste_testq, _londiste_testq_truncate; writes are not refused; to fix it: regenerate-triggers public.g
              WARNING public.g: is unlogged: after a crash of its server it is empty here, and full elsewhere; to fix it: alter table "public"."g" set logged
              WARNING public.c: in the set, but not added on this node; to fix it: add-table public.c
              WARNING public.d: in the set, but not added on this node; to fix it: add-table public.d
              WARNING [root] public.late: in no set; to fix it: add-table public.late here, then on its subscribers
              WARNING [root] public.s: in no set; to fix it: add-seq public.s here, then on its subscribers
              """);
      String gaps =
          """
          WARNING [root] 1 table not replicated: public.late; see 'check'
          WARNING [root] 1 sequence not replicated: public.s; see 'check'
          WARNING [leaf] 2 tables not added: public.c, public.d; see 'check'
          """;
      Outcome wait = CommandLine.run(leaf, "wait-root", "--timeout=60");
      assertThat(wait.log()).endsWith("exiting\n" + gaps);
      assertThat(wait.code()).isZero();

      Outcome repair = CommandLine.run(leaf, "regenerate-triggers");
      assertThat(repair.log())
          .isEqualTo(
              """
              ERROR public.f: public.f no longer exists
              HINT:  create it, then resync public.f; or remove-table public.f
              INFO Triggers enabled: public.g (_londiste_testq, _londiste_testq_truncate)
              """);
      assertThat(repair.code()).isEqualTo(1);
      assertThat(CommandLine.run(leaf, "status").out())
          .contains("Inventory: 1 table gone, 1 table unlogged, see 'check'\n")
          .contains("Inventory: 1 table not replicated, 1 sequence not replicated, see 'check'\n");

      Outcome drop = CommandLine.run(root, "drop-node", "leaf");
      assertThat(drop.log()).startsWith(gaps);
      assertThat(drop.code()).isZero();
    }
  }

  @Test
  void a_comparison_ends_with_a_verdict() throws Exception {
    nodes("9.6", "18");
    tables(root, "a", "b", "c", "f", "late");
    tables(leaf, "a", "b", "c", "f");
    root.command("add-table", "a", "b", "c", "f");
    try (TestTicker ticker = new TestTicker(root.database())) {
      root.database().execute("insert into b values (1); insert into c values (1)");
      leaf.command("add-table", "a", "b", "f");
      root.start();
      leaf.start();
      Eventually.inSync(leaf);
      leaf.database().execute("alter table c add constraint never check (id < 0)"); // fails
      leaf.command("add-table", "c");
      leaf.database().executeAsReplica("update b set t = 'wrong'; drop table f");

      Outcome compare = CommandLine.run(leaf, "compare", "--set", "lock_timeout=30");
      assertThat(compare.log())
          .contains(
              "WARNING 1 table equal, 1 differs: public.b, 2 not compared: public.c (copy not finished),"
                  + " public.f (does not exist here)\n",
              "WARNING [root] 1 table not replicated: public.late; see 'check'\n");
      assertThat(compare.code()).isEqualTo(3);
      Outcome one = CommandLine.run(leaf, "compare", "a", "--set", "lock_timeout=30");
      assertThat(one.log()).contains("INFO 1 table equal\n").doesNotContain("not replicated");
      assertThat(one.code()).isZero();
      Outcome skipped = CommandLine.run(leaf, "compare", "c");
      assertThat(skipped.log())
          .contains("WARNING 0 tables equal, 1 not compared: public.c (copy not finished)\n");
      assertThat(skipped.code()).isEqualTo(3);
    }
  }
}

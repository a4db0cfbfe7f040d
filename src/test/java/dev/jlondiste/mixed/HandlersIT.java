package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table with a handler that only Londiste has, on a branch that changes hands; and one with
 * {@code multimaster}, for which Londiste needs a function.
 */
class HandlersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Called by Londiste's handler {@code multimaster} for each event. */
  private static final String MERGE =
      """
      create function merge_on_time(text, text, text, text, text, text, text, text, text, text, text, text)
      returns void language plpgsql as $$
      declare
          v_n       integer := substring($8 from 'n=([0-9]+)');
          v_amount  integer := substring($8 from 'amount=([0-9]+)');
      begin
          if $7 like 'D%' then
              delete from public.journal j where j.n = v_n and j.amount <= v_amount;
          else
              insert into public.journal as j (n, amount) values (v_n, v_amount)
              on conflict (n) do update set amount = v_amount where j.amount <= v_amount;
          end if;
      end $$;
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  private static void loadHandler(MixedNode node, String name, String more) throws IOException {
    Files.writeString(
        node.node().ini(),
        "\nhandler_modules = londiste.handlers." + name + "\n" + more,
        StandardOpenOption.APPEND);
  }

  private void loadObfuscate(MixedNode node) throws IOException {
    Path map = directory.resolve("obfuscate.yaml");
    Files.writeString(map, "public.journal:\n  n: keep\n  amount: keep\n");
    loadHandler(node, "obfuscate", "obfuscator_map = " + map + "\nobfuscator_key = secret\n");
  }

  private static List<@Nullable String> journal(MixedNode node) {
    return node.database().column("select n || '=' || amount from journal order by n");
  }

  private static void hasJournal(MixedNode node, String... rows) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(journal(node)).containsExactly(rows));
  }

  private static boolean hasJournal(MixedNode node, long rows) {
    return node.database().count("journal") == rows;
  }

  /** All handlers of Londiste exist here: only another name makes one that does not. */
  private static void renameHandler(MixedNode node, String from, String to) {
    node.database()
        .execute(
            "update londiste.table_info set table_attrs = replace(table_attrs, '%s', '%s')"
                .formatted(from, to));
  }

  @Test
  void its_events_wait_here_and_londiste_takes_them_up_again() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "13");
      MixedNode branch = cluster.node("branch", Make.OUR_CODE_ONLY, "14");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "14");
      loadObfuscate(branch);
      loadObfuscate(leaf); // it reads the handlers of its provider, too
      root.createRoot();
      root.addTables(List.of("journal", "customers"));
      root.database().execute("insert into journal values (1, 1)");
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.addTables(List.of("journal"), "--handler=obfuscate");
        branch.addTables(List.of("customers"));
        Eventually.inSync(branch.node());
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.addTables(List.of("journal", "customers"));
        Eventually.inSync(leaf.node());

        renameHandler(branch, "obfuscate", "their_own");
        branch.start(Maker.OURS);
        root.database().execute("insert into journal values (2, 2)");
        root.database().execute("update journal set amount = 5 where n = 1");
        root.database().execute("insert into customers (id, name) values (1, 'x')");
        await().atMost(PATIENCE).until(() -> branch.database().count("customers") == 1);
        await().atMost(PATIENCE).until(() -> hasJournal(leaf, 2));
        hasJournal(branch, "1=1");
        assertThat(branch.command(Maker.OURS, "status"))
            .contains("public.journal: refused: its handler 'their_own' does not exist here");

        branch.stop();
        renameHandler(branch, "their_own", "obfuscate");
        branch.start(Maker.REFERENCE);
        root.database().execute("insert into journal values (3, 3)");
        branch.command(Maker.REFERENCE, "copy", "public.journal");
        hasJournal(branch, "1=5", "2=2", "3=3");
        root.database().execute("insert into journal values (4, 4)");
        await().atMost(PATIENCE).until(() -> hasJournal(leaf, 4));
        hasJournal(branch, "1=5", "2=2", "3=3", "4=4");
        assertThat(ReferenceProgram.command(branch.node(), "tables").out()).doesNotContain("None");
      }
    }
  }

  /** As another root's changes arrive: the table accepts no others. */
  private static void writeHere(MixedNode leaf, String row) {
    leaf.database()
        .execute("set session_replication_role = replica; insert into journal values " + row);
  }

  @Test
  void the_last_writer_wins_with_either_worker() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.REFERENCE, "14");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "14");
      loadHandler(leaf, "multimaster", "");
      leaf.database().execute(MERGE);
      root.createRoot();
      root.addTables(List.of("journal"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.addTables(
            List.of("journal"),
            "--expect-sync",
            "--handler=multimaster",
            "--handler-arg=timefield=amount");
        Eventually.inSync(leaf.node());
        writeHere(leaf, "(1, 100)");
        root.database().execute("insert into journal values (1, 5), (2, 2)");
        hasJournal(leaf, "1=100", "2=2");

        leaf.start(Maker.OURS);
        writeHere(leaf, "(4, 50)");
        root.database().execute("insert into journal values (3, 3), (4, 4)");
        hasJournal(leaf, "1=100", "2=2", "3=3", "4=50");
        root.database().execute("update journal set amount = 200 where n = 1");
        root.database().execute("delete from journal where n in (2, 4)");
        hasJournal(leaf, "1=200", "3=3", "4=50");
        assertThat(leaf.command(Maker.OURS, "status")).doesNotContain("ERR");

        leaf.start(Maker.REFERENCE);
        writeHere(leaf, "(5, 70)");
        root.database().execute("update journal set amount = 9 where n = 3");
        root.database().execute("insert into journal values (5, 6), (6, 6)");
        hasJournal(leaf, "1=200", "3=9", "4=50", "5=70", "6=6");
      }
    }
  }
}

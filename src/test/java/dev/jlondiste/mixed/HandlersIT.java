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

/** A table with a handler that only Londiste has, on a branch that changes hands. */
class HandlersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Called by Londiste's handler {@code multimaster} for each event. */
  private static final String NOTE_EVENTS =
      """
      create table noted (ev_id bigint, ev_type text);
      create function merge_on_time(text, text, text, text, text, text, text, text, text, text, text, text)
      returns void language sql as 'insert into public.noted values ($3::bigint, $7)';
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  private static void loadHandlers(MixedNode node) throws IOException {
    Files.writeString(
        node.node().ini(),
        "\nhandler_modules = londiste.handlers.multimaster\n",
        StandardOpenOption.APPEND);
  }

  private static List<@Nullable String> noted(MixedNode node) {
    return node.database()
        .column(
            "select coalesce(substring(ev_type from '\"op\":\"(.)'), left(ev_type, 1))"
                + " from noted order by ev_id");
  }

  private static boolean hasJournal(MixedNode node, long rows) {
    return node.database().count("journal") == rows;
  }

  @Test
  void its_events_wait_here_and_londiste_takes_them_up_again() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "13");
      MixedNode branch = cluster.node("branch", Make.OUR_CODE_ONLY, "14");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "14");
      loadHandlers(branch);
      branch.database().execute(NOTE_EVENTS);
      loadHandlers(leaf); // it reads those of its provider, too
      root.createRoot();
      root.addTables(List.of("journal", "customers"));
      root.database().execute("insert into journal values (1, 1)");
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.addTables(List.of("journal"), "--handler=multimaster", "--handler-arg=timefield=n");
        branch.addTables(List.of("customers"));
        Eventually.inSync(branch.node());
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.addTables(List.of("journal", "customers"));
        Eventually.inSync(leaf.node());

        branch.start(Maker.OURS);
        root.database().execute("insert into journal values (2, 2)");
        root.database().execute("update journal set amount = 5 where n = 1");
        root.database().execute("insert into customers (id, name) values (1, 'x')");
        await().atMost(PATIENCE).until(() -> branch.database().count("customers") == 1);
        await().atMost(PATIENCE).until(() -> hasJournal(leaf, 2));
        assertThat(noted(branch)).isEmpty();
        assertThat(branch.command(Maker.OURS, "status"))
            .contains("public.journal: refused: its handler 'multimaster' does not exist here");

        branch.start(Maker.REFERENCE);
        root.database().execute("insert into journal values (3, 3)");
        branch.command(Maker.REFERENCE, "copy", "public.journal");
        await().atMost(PATIENCE).until(() -> noted(branch).size() == 3);
        root.database().execute("insert into journal values (4, 4)");
        await().atMost(PATIENCE).until(() -> hasJournal(leaf, 4));
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(noted(branch)).containsExactly("I", "U", "I", "I"));
        assertThat(ReferenceProgram.command(branch.node(), "tables").out()).doesNotContain("None");
      }
    }
  }
}

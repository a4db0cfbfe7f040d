package dev.jlondiste.admin.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A branch takes over from a live root, and the old root takes over again. */
@SuppressWarnings("NullAway.Init") // each test begins with nodes()
class RootTakeoverIT {
  @TempDir private Path directory;
  private TestNode old;
  private TestNode fresh;
  private TestTicker oldTicker;
  private TestTicker freshTicker;

  private void nodes(String oldMajor, String newMajor) throws Exception {
    old = new TestNode("old", Servers.shared(oldMajor).createDatabase(), directory);
    fresh = new TestNode("new", Servers.shared(newMajor).createDatabase(), directory);
    Shop.create(old.database());
    Shop.fill(old.database(), 50);
    Shop.create(fresh.database());
    old.createRoot();
    old.addTables(Shop.TABLES);
    old.command("add-seq", "--all");
    oldTicker = new TestTicker(old.database());
    fresh.createBelow(NodeType.BRANCH, old);
    freshTicker = new TestTicker(fresh.database());
    old.start();
    fresh.start();
    fresh.addTables(Shop.TABLES);
    fresh.command("add-seq", "--all");
    Eventually.inSync(fresh);
    Eventually.hasForeignKeys(old, fresh);
  }

  @AfterEach
  void close() {
    oldTicker.close();
    freshTicker.close();
    fresh.close();
    old.close();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 13"})
  void the_root_moves_there_and_back_any_number_of_times(String oldMajor, String newMajor)
      throws Exception {
    nodes(oldMajor, newMajor);
    for (int i = 0; i < 3; i++) {
      assertThat(fresh.command("takeover", "old").log().lines())
          .containsSubsequence(
              "INFO old: old",
              "INFO [old] Consumer old tagged as paused",
              "INFO Waiting for worker to accept",
              "INFO Consumer 'old' on node 'old' paused",
              "INFO [old] Step 1: Writing disabled for: testq",
              "INFO [old] Step 2: Inserted last tick: testq",
              "INFO [new] Branch node promoted to root",
              "INFO [new] Subscriber registered: old",
              "INFO [old] Step 3: Demoted root to branch: testq",
              "INFO [old] Subscriber unregistered: new",
              "INFO [old] Consumer old tagged as resumed",
              "INFO Consumer 'old' on node 'old' resumed");
      write(fresh);
      assertThat(refusal(old)).contains("Insert into queue disallowed");
      assertThat(fresh.command("status").out())
          .containsSubsequence("new (root)", "+--: old (branch)");

      old.command("takeover", "new");
      write(old);
      assertThat(refusal(fresh)).contains("Insert into queue disallowed");
    }
    Eventually.equal(old, fresh);
    assertThat(old.database().column("select n from journal order by n"))
        .hasToString("[1, 2, 3, 4, 5, 6]");
    assertThat(marks()).isEmpty();
  }

  @Test
  void a_finished_takeover_is_recognized() throws Exception {
    nodes("13", "18");
    fresh.command("takeover", "old");

    assertThat(fresh.command("takeover", "old").log())
        .isEqualTo(
            """
            INFO old: old
            INFO Consumer 'old' at node 'old' has already 'new' as provider
            """);
    assertThat(fresh.command("takeover", "new").log())
        .isEqualTo("INFO old: new\nINFO same node?\n");
    Outcome undo = CommandLine.run(fresh, "takeover", "old", "--undo");
    assertThat(undo.code()).isEqualTo(1);
    assertThat(undo.log()).contains("ERROR the takeover is complete: 'old' is no longer the root");
    Outcome unknown = CommandLine.run(fresh, "takeover", "nowhere");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.log()).contains("ERROR Unknown node: nowhere");
  }

  @Test
  void the_new_root_ticks_by_the_settings_of_the_old_one() throws Exception {
    nodes("13", "18");
    String settings =
        "select queue_ticker_max_count || ' ' || queue_ticker_max_lag || ' '"
            + " || queue_ticker_idle_period from pgq.queue";
    assertThat(fresh.database().value(settings)).isEqualTo("500 00:00:00.1 00:00:01");
    old.database().execute("select pgq.set_queue_config('testq', 'ticker_max_count', '700')");
    fresh.command("takeover", "old");
    assertThat(fresh.database().value(settings)).isEqualTo("700 00:00:00.1 00:00:01");
  }

  /** As after kill -9 between closing and opening. */
  @Test
  void a_closed_root_is_opened_by_undo_or_by_the_same_command() throws Exception {
    nodes("18", "9.6");
    for (String word : List.of("--undo", "--max-pause=2s")) {
      old.database().execute("select pgq_node.demote_root('testq', 1, 'new')");
      old.database().execute("select pgq_node.demote_root('testq', 2, 'new')");
      assertThat(refusal(old)).contains("Insert into queue disallowed");

      fresh.command("takeover", "old", word);
      write(word.equals("--undo") ? old : fresh);
      assertThat(marks()).isEmpty();
    }
    Eventually.equal(old, fresh);
  }

  @Test
  void a_long_transaction_keeps_the_old_root_open() throws Exception {
    nodes("13", "18");
    try (Connection writer = old.database().connect()) {
      writer.setAutoCommit(false);
      try (Statement statement = writer.createStatement()) {
        statement.execute("insert into journal (amount) values (1)");
        Outcome late =
            CommandLine.run(
                fresh, "takeover", "old", "--max-pause=400ms", "--retries=1", "--retry-pause=1s");
        assertThat(late.code()).isEqualTo(4);
        assertThat(late.log())
            .contains("ERROR takeover does not fit in a pause of 400 ms:")
            .contains("insert into journal (amount) values (1)")
            .contains("HINT:  'old' is the root and open");
        write(old);
        assertThat(marks()).isEmpty();
        writer.commit();
      }
    }
    fresh.command("takeover", "old");
    Eventually.equal(old, fresh);
  }

  private static void write(TestNode node) {
    node.database().execute("insert into journal (amount) values (1)");
  }

  private static String refusal(TestNode node) {
    try {
      node.database().execute("update customers set name = name");
      return "accepted";
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private List<String> marks() {
    return Stream.of(old, fresh)
        .flatMap(
            node -> node.database().column("select node_attrs from pgq_node.node_info").stream())
        .filter(Objects::nonNull)
        .toList();
  }
}

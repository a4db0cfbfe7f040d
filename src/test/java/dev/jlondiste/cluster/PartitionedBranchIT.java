package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A branch takes over whose handler {@code dispatch} writes to the partitions of a partitioned
 * table.
 */
class PartitionedBranchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String COLUMNS = "(id int, at timestamptz not null, v text)";
  private static final String ADD_KEY = "alter table log add primary key (id, at)";

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestTicker ticker;
  private TestTicker next;

  @BeforeEach
  void cascade() {
    root = node("root", "16", "create table log " + COLUMNS + ";" + ADD_KEY);
    branch = node("branch", "18", "create table log " + COLUMNS + " partition by range (at)");
    root.createRoot();
    root.addTables(List.of("log"));
    ticker = new TestTicker(root.database());
    next = new TestTicker(branch.database());
    root.start();
    branch.createBelow(NodeType.BRANCH, root);
    branch.start();
  }

  private void addToBranch() {
    branch.command(
        "add-table",
        "log",
        "--expect-sync",
        "--handler=monthly_field",
        "--handler-arg=part_field=at");
    Eventually.inSync(branch);
    root.database()
        .execute(
            "insert into log select i, '2026-01-01'::timestamptz + i * interval '3 days', 'v'"
                + " from generate_series(1, 50) i");
    await().atMost(PATIENCE).until(() -> branch.database().count("log") == 50);
  }

  private TestNode node(String name, String major, String tables) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(tables);
    return new TestNode(name, database, directory);
  }

  @AfterEach
  void close() {
    next.close();
    ticker.close();
    branch.close();
    root.close();
  }

  private void goesOnFromTheBranch() {
    branch.command("takeover", "root", "--ignore-handlers");
    branch.database().execute("update log set v = 'w' where id % 2 = 0");
    branch.database().execute("delete from log where id = 7");
    String rows = "select x::text from log x order by id";
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(root.database().column(rows))
                    .hasSize(49)
                    .isEqualTo(branch.database().column(rows)));
  }

  @Test
  void its_partitions_have_triggers() {
    branch.database().execute(ADD_KEY);
    addToBranch();
    await().atMost(PATIENCE).until(() -> CommandLine.run(branch, "check").log().isEmpty());
    goesOnFromTheBranch();
    assertThat(CommandLine.run(branch, "check").log()).isEmpty();
  }

  @Test
  void without_a_key_it_cannot_become_the_root() {
    addToBranch();
    assertThat(CommandLine.run(branch, "check").log())
        .contains("primary key is (id, at) on the provider and () here")
        .doesNotContain("regenerate-triggers");
    assertThat(CommandLine.run(branch, "takeover", "root", "--ignore-handlers").log())
        .contains(
            "[branch] public.log: has no triggers, changes would not be captured",
            "give the table a primary key if it has none, then regenerate-triggers public.log",
            "'root' is still the root and open");
    branch.database().execute(ADD_KEY);
    branch.command("regenerate-triggers", "log");
    goesOnFromTheBranch();
  }
}

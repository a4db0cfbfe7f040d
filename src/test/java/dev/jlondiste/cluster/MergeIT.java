package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.db.AdvisoryLock;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of several databases are merged into one: add-table, and the copies. */
class MergeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private MergeCluster cluster(int sources) {
    return cluster(sources, "16");
  }

  private MergeCluster cluster(int sources, String major) {
    MergeCluster cluster = new MergeCluster(directory, major);
    for (int i = 0; i < sources; i++) {
      cluster.add(database(), 2000);
    }
    return cluster;
  }

  private static TestDatabase database() {
    return Servers.shared("16").createDatabase();
  }

  private String log(TestNode node) {
    try {
      return Files.readString(directory.resolve(node.name() + ".log"));
    } catch (IOException e) {
      return "";
    }
  }

  private void awaitLog(TestNode node, String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(log(node)).contains(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void one_command_merges_all_queues(String major) throws Exception {
    try (MergeCluster cluster = cluster(3, major)) {
      cluster.target().execute("insert into mydata values (1, 0, 'old'), (10000001, 1, 'old')");
      // No worker runs yet, so that no leaf has heard of the table.
      CommandLine.Outcome added = cluster.leaf(2).command("add-table", "mydata", "--merge-all");
      assertThat(added.log()).contains("Table added: public.mydata");
      assertThat(cluster.states()).isEqualTo("missing, missing, missing");
      cluster.leaves().forEach(TestNode::start);
      for (int source = 1; source <= 3; source++) {
        cluster.write(source, 3000, 3100);
      }
      cluster.source(1).database().execute("update mydata set t = 'changed' where id % 10 = 0");
      cluster.awaitEqual();
      cluster.source(3).database().execute("delete from mydata where id % 7 = 0");
      cluster.awaitEqual();
      differencesOfOnePartAreFoundAndMended(cluster);
      assertThat(log(cluster.leaf(1)) + log(cluster.leaf(2)) + log(cluster.leaf(3)))
          .containsOnlyOnce("truncating")
          .doesNotContain("ERROR");
    }
  }

  private static void differencesOfOnePartAreFoundAndMended(MergeCluster cluster)
      throws SQLException {
    for (TestNode leaf : cluster.leaves()) {
      assertThat(leaf.command("compare", "--chunk-rows=1000").log()).contains("1 table equal");
    }
    String ofPart1 =
        cluster.source(1).database().value("select min(id) || ', ' || max(id) from mydata");
    cluster
        .target()
        .executeAsReplica(
            """
            delete from mydata where id = (select min(id) from mydata where id in (%1$s));
            update mydata set t = 'other' where id = (select max(id) from mydata where id in (%1$s));
            insert into mydata select max(id) + 1000000, max(source), 'extra' from mydata;
            """
                .formatted(ofPart1));
    assertThat(CommandLine.run(cluster.leaf(1), "compare", "mydata").log())
        .contains(
            "public.mydata: 1 rows are missing here, 1 differ, 0 are not on the source",
            "rows that only this node has are not looked for");
    assertThat(cluster.leaf(2).command("compare").log()).contains("1 table equal");
    assertThat(CommandLine.run(cluster.leaf(1), "compare", "--count-only").log())
        .contains("not compared: rows of several sources");
    cluster.leaf(1).command("repair", "mydata", "--apply");
    assertThat(cluster.leaf(1).command("compare").log()).contains("1 table equal");
    cluster.target().executeAsReplica("delete from mydata where t = 'extra'");
    cluster.awaitEqual();
  }

  @Test
  void what_cannot_be_merged_is_refused_even_before_the_leaves_know_the_table() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      CommandLine.Outcome plain = CommandLine.run(cluster.leaf(1), "add-table", "mydata");
      assertThat(plain.code()).isEqualTo(1);
      assertThat(plain.log())
          .contains(
              "ERROR Found multiple sources for table public.mydata, use merge-all or no-merge to"
                  + " continue",
              "--merge-all takes the table from all queues");
      CommandLine.Outcome both =
          CommandLine.run(cluster.leaf(1), "add-table", "mydata", "--merge-all", "--no-merge");
      assertThat(both.code()).isEqualTo(1);
      assertThat(both.log()).contains("ERROR Cannot use merge-all and no-merge together");
      cluster.source(2).database().execute("alter table mydata add column more text");
      CommandLine.Outcome other =
          CommandLine.run(cluster.leaf(1), "add-table", "mydata", "--merge-all");
      assertThat(other.log()).contains("Table public.mydata differs from its source");
      cluster.source(2).database().execute("alter table mydata drop column more");
      cluster.source(2).database().execute("update londiste.table_info set local = false");
      CommandLine.Outcome far =
          CommandLine.run(cluster.leaf(1), "add-table", "mydata", "--merge-all");
      assertThat(far.log())
          .contains("Table public.mydata is not attached to node source2 of queue part2");
      assertThat(
              CommandLine.run(cluster.leaf(1), "add-table", "mydata", "--max-parallel-copy=0")
                  .log())
          .contains("--max-parallel-copy=0: no copy would ever begin");
      assertThat(cluster.states()).isEqualTo("far, far");
    }
  }

  @Test
  void a_queue_that_cannot_be_asked_is_not_left_out() throws Exception {
    try (TestServer away = Servers.start("16");
        MergeCluster cluster = cluster(1)) {
      cluster.add(away.createDatabase(), 10);
      away.kill();
      CommandLine.Outcome refused =
          CommandLine.run(cluster.leaf(1), "add-table", "mydata", "--merge-all");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.log())
          .contains("queue part2 cannot be asked for its tables, and must not be left out");
      assertThat(cluster.states()).doesNotContain("missing");
      away.start();
      cluster.leaf(1).command("add-table", "mydata", "--merge-all");
      assertThat(cluster.states()).isEqualTo("missing, missing");
    }
  }

  @Test
  void another_local_name_is_merged_as_well() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      cluster.target().execute("alter table mydata rename to here");
      cluster.leaf(1).command("add-table", "mydata", "--dest-table=here", "--merge-all");
      assertThat(cluster.states()).isEqualTo("missing, missing");
      cluster.leaves().forEach(TestNode::start);
      cluster.awaitStates("ok, ok");
      assertThat(cluster.target().count("here")).isEqualTo(4000);
    }
  }

  @Test
  void a_queue_that_is_added_later_adds_its_rows() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      cluster.leaves().forEach(TestNode::start);
      cluster.leaf(1).command("add-table", "mydata", "--no-merge", "--wait-sync");
      cluster.awaitStates("ok, far"); // the worker of leaf2 takes note of its root's table
      CommandLine.Outcome refused =
          CommandLine.run(cluster.leaf(2), "add-table", "mydata", "--merge-all");
      assertThat(refused.log())
          .contains("Found local table public.mydata in queue part1, use remove-table first");
      cluster.leaf(2).command("add-table", "mydata", "--no-merge", "--wait-sync");
      cluster.awaitEqual();
      cluster.write(1, 5000, 5010);
      cluster.write(2, 5000, 5010);
      cluster.awaitEqual();
    }
  }

  @Test
  void a_source_that_is_away_does_not_stop_the_others() throws Exception {
    try (TestServer away = Servers.start("16");
        MergeCluster cluster = new MergeCluster(directory, "16")) {
      cluster.add(away.createDatabase(), 500); // the first queue, which would lead
      cluster.add(database(), 500);
      cluster.add(database(), 500);
      cluster.leaf(2).command("add-table", "mydata", "--merge-all");
      away.kill();
      cluster.leaves().forEach(TestNode::start);
      cluster.awaitStates("missing, ok, ok");
      assertThat(cluster.indexes()).isEqualTo(2);
      cluster.awaitEqual(2);
      away.start();
      cluster.awaitEqual();
    }
  }

  @Test
  void another_worker_restores_what_a_killed_one_has_dropped() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      cluster.leaf(1).command("add-table", "mydata", "--merge-all");
      cluster.leaf(1).start();
      cluster.awaitStates("catching-up (dropped), missing");
      awaitLog(cluster.leaf(1), "waiting for other partitions to finish copy: queue part2");
      cluster.leaf(1).stop();
      cluster.leaf(2).start();
      cluster.awaitStates("catching-up, ok");
      assertThat(cluster.indexes()).isEqualTo(2);
      cluster.leaf(1).start();
      cluster.awaitEqual();
    }
  }

  @Test
  void as_many_copies_run_at_a_time_as_requested() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      cluster.leaf(1).command("add-table", "mydata", "--merge-all", "--max-parallel-copy=1");
      try (Connection other = cluster.target().connect()) {
        other.setAutoCommit(false);
        AdvisoryLock.named("jlondiste copy 1 into public.mydata").holdInTransaction(other);
        cluster.leaves().forEach(TestNode::start);
        awaitLog(cluster.leaf(1), "number of max parallel copies (1) reached");
        cluster.awaitStates("in-copy (dropped), in-copy");
        other.rollback();
      }
      cluster.awaitEqual();
    }
  }

  @Test
  void resync_copies_again_from_all_queues() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      cluster.leaves().forEach(TestNode::start);
      cluster.leaf(1).command("add-table", "mydata", "--merge-all");
      cluster.awaitEqual();
      cluster.target().execute("set session_replication_role = replica; delete from mydata");
      CommandLine.Outcome outcome = cluster.leaf(2).command("resync", "mydata");
      assertThat(outcome.log())
          .contains(
              "Table public.mydata state set to NULL in queue part1",
              "Table public.mydata state set to NULL in queue part2");
      cluster.awaitEqual();
      // Also while the copies run, when the structure is dropped.
      cluster.leaf(2).stop();
      cluster.leaf(1).command("resync", "mydata");
      cluster.awaitStates("catching-up (dropped), missing");
      cluster.leaf(1).command("resync", "mydata");
      cluster.leaf(2).start();
      cluster.awaitEqual();
    }
  }

  @Test
  void one_queue_that_is_reset_alone_names_the_way_out() throws Exception {
    try (MergeCluster cluster = cluster(2)) {
      cluster.leaves().forEach(TestNode::start);
      cluster.leaf(1).command("add-table", "mydata", "--merge-all");
      cluster.awaitEqual();
      cluster
          .target()
          .execute(
              "select londiste.local_set_table_state('part1', 'public.mydata', null, null)"); // Londiste
      awaitLog(cluster.leaf(1), "a row of source1 is in public.mydata already");
      cluster.leaf(1).command("resync", "mydata");
      cluster.awaitEqual();
    }
  }

  @Test
  void a_table_that_leaves_during_the_copies_keeps_the_rows_of_the_others() throws Exception {
    try (MergeCluster cluster = cluster(3)) {
      cluster.leaf(1).command("add-table", "mydata", "--merge-all");
      cluster.leaf(1).start();
      cluster.awaitStates("catching-up (dropped), missing, missing");
      cluster.leaf(2).start();
      cluster.awaitStates("catching-up (dropped), catching-up, missing");
      cluster.leaf(1).command("remove-table", "mydata");
      assertThat(cluster.states()).isEqualTo("far, catching-up (dropped), missing");
      cluster.leaf(3).start();
      cluster.awaitStates("far, ok, ok");
      cluster.awaitEqual(2);
      cluster.awaitEqual(3);
      assertThat(cluster.indexes()).isEqualTo(2);
    }
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A takeover is killed at its statements while applications write to whichever node is open. The
 * same command line finishes it, or {@code --undo} opens the old root again.
 */
class TakeoverSurvivesKillIT {
  @TempDir private Path directory;
  private ProxiedCluster cluster;
  private TestNode old;
  private TestNode fresh;
  private TestTicker oldTicker;
  private TestTicker freshTicker;
  private Load load;
  private Load loadAfterwards;

  @BeforeEach
  void cascade_with_applications() {
    cluster = new ProxiedCluster(directory);
    old = cluster.root("old", "9.6");
    fresh = cluster.below(old, NodeType.BRANCH, "fresh", "18");
    fresh.tickOften();
    oldTicker = new TestTicker(old.database());
    freshTicker = new TestTicker(fresh.database());
    for (TestNode node : List.of(old, fresh)) {
      Shop.create(node.database());
      node.start();
    }
    Shop.fill(old.database(), 200);
    for (TestNode node : List.of(old, fresh)) {
      node.addTables(Shop.TABLES);
      Eventually.inSync(node);
      node.command("add-seq", "--all");
    }
    Eventually.hasForeignKeys(old, fresh);
    load = Load.on(old.database(), 2, 1);
    loadAfterwards = Load.on(fresh.database(), 2, 2); // is refused while 'old' is the root
  }

  @AfterEach
  void close() {
    load.close();
    loadAfterwards.close();
    oldTicker.close();
    freshTicker.close();
    cluster.close();
  }

  @Test
  void the_same_command_finishes_it() {
    new KilledCommand(cluster, cluster.operator(fresh), "takeover", "old")
        .before(this::goBack)
        .whenKilled(this::atMostOneIsOpen)
        .afterwards(this::hasTakenOver)
        .run();
  }

  @Test
  void undo_opens_the_old_root_again_unless_it_is_too_late() {
    new KilledCommand(cluster, cluster.operator(fresh), "takeover", "old")
        .before(this::goBack)
        .whenKilled(this::atMostOneIsOpen)
        .thenRuns("takeover", "old", "--undo")
        .whichMayEnd(undo -> undo.code() == 0 || isRoot(fresh))
        .afterwards(
            () -> {
              if (isRoot(fresh)) {
                fresh.command("takeover", "old");
                hasTakenOver();
              } else {
                isRootAlone(old, fresh);
              }
            })
        .run();
  }

  /** The way back is the same command from the other side. */
  private void goBack() {
    if (isRoot(fresh)) {
      old.command("takeover", "fresh");
      isRootAlone(old, fresh);
    }
  }

  private void hasTakenOver() {
    isRootAlone(fresh, old);
    assertThat(CommandLine.run(old, "compare").log()).contains("4 tables equal");
  }

  private void isRootAlone(TestNode root, TestNode branch) {
    assertThat(isRoot(root)).isTrue();
    assertThat(isOpen(root.database())).isTrue();
    assertThat(isRoot(branch)).isFalse();
    assertThat(isOpen(branch.database())).isFalse();
    assertThat(branch.database().value("select provider_node from pgq_node.local_state"))
        .isEqualTo(root.name());
    assertThat(root.database().column("select subscriber_node from pgq_node.subscriber_info"))
        .containsExactly(branch.name());
    assertThat(branch.database().count("pgq_node.subscriber_info")).isZero();
    for (TestNode node : List.of(root, branch)) {
      assertThat(node.database().value("select paused from pgq_node.local_state")).isEqualTo("f");
      assertThat(node.database().value("select coalesce(node_attrs, '') from pgq_node.node_info"))
          .doesNotContain("takeover");
    }
  }

  private void atMostOneIsOpen() {
    assertThat(List.of(old, fresh).stream().filter(node -> isOpen(node.database())))
        .as("open nodes")
        .hasSizeLessThan(2);
  }

  private static boolean isRoot(TestNode node) {
    return "root".equals(node.database().value("select node_type from pgq_node.node_info"));
  }

  /** Whether an application can write; nothing of it stays. */
  private static boolean isOpen(TestDatabase database) {
    try (Connection db = database.connect();
        Statement statement = db.createStatement()) {
      statement.execute("begin; set local lock_timeout = '20s'");
      statement.execute("update customers set flag = not flag where id = 7");
      statement.execute("insert into journal (amount) values (1)");
      statement.execute("rollback");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}

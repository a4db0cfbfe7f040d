package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the workers of three leaves that copy into one table, at random moments, while applications
 * write to the sources. Nothing is repaired manually in between. The copies drop the key of the
 * table, and creating it again proves that no row is there twice.
 */
class MergeSurvivesKillIT {
  private static final int KILLS = Integer.getInteger("jlondiste.stress.kills", 12);
  private static final int ROWS = 100_000;
  private static final List<String> PHASES =
      List.of(
          "in-copy",
          "in-copy .dropped",
          "catching-up .dropped",
          "dropped.*catching-up",
          "catching-up(,|$)",
          "-sync",
          "ok");

  @TempDir private Path directory;
  private volatile boolean stop;

  @Test
  void no_row_is_lost_or_doubled() throws Exception {
    long seed = Long.getLong("jlondiste.seed", System.nanoTime());
    System.out.println("MergeSurvivesKillIT: seed " + seed);
    Random random = new Random(seed);
    try (MergeCluster cluster = new MergeCluster(directory, "17")) {
      for (int i = 0; i < 3; i++) {
        cluster.add(Servers.shared("15").createDatabase(), ROWS, "exception_sleep = 0.5");
      }
      Thread writer = new Thread(() -> write(cluster));
      writer.start();
      cluster.leaf(1).command("add-table", "mydata", "--merge-all", "--max-parallel-copy=2");
      List<String> seen = new ArrayList<>();
      try (Crew crew = new Crew(cluster)) {
        for (int kill = 0; kill < KILLS; kill++) {
          if (cluster.states().equals("ok, ok, ok")) {
            cluster.leaf(1 + random.nextInt(3)).command("resync", "mydata");
          }
          awaitPhase(cluster, PHASES.get(random.nextInt(PHASES.size())));
          LockSupport.parkNanos(1_000_000L * random.nextInt(100));
          crew.kill(random.nextInt(3));
          seen.add("[" + cluster.states() + "]");
        }
        System.out.println("MergeSurvivesKillIT: " + seen);
        cluster.awaitStates("ok, ok, ok");
        stop = true;
        writer.join();
        cluster.awaitEqual();
      }
      assertThat(seen)
          .as("copies that a kill has interrupted after the leader's first transaction")
          .anyMatch(states -> states.contains("dropped"));
    }
  }

  /** Waits until a part is in a state, or for some seconds. */
  private static void awaitPhase(MergeCluster cluster, String phase) {
    long end = System.nanoTime() + 8_000_000_000L;
    while (!cluster.states().matches(".*(" + phase + ").*") && System.nanoTime() < end) {
      LockSupport.parkNanos(2_000_000);
    }
  }

  private void write(MergeCluster cluster) {
    for (int next = ROWS + 1; !stop; next++) {
      for (int source = 1; source <= cluster.size(); source++) {
        try (Connection db = cluster.source(source).database().connect();
            Statement statement = db.createStatement()) {
          int id = source * MergeCluster.KEYS + next;
          statement.execute("insert into mydata values (" + id + ", " + source + ", 'load')");
          statement.execute("update mydata set t = t || 'x' where id = " + (id - next / 2));
          statement.execute("delete from mydata where id = " + (id - ROWS));
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /** The workers of all leaves, each in a process of its own. */
  private static final class Crew implements AutoCloseable {
    private final MergeCluster cluster;
    private final List<WorkerProcess> workers = new ArrayList<>();

    Crew(MergeCluster cluster) {
      this.cluster = cluster;
      cluster.leaves().forEach(leaf -> workers.add(WorkerProcess.of(leaf)));
    }

    /** Kills one as {@code kill -9} does, and starts it again. */
    void kill(int number) {
      workers.get(number).close();
      workers.set(number, WorkerProcess.of(cluster.leaf(number + 1)));
    }

    @Override
    public void close() {
      workers.forEach(WorkerProcess::close);
    }
  }
}

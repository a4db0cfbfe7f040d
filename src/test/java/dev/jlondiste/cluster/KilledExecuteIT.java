package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code execute} is killed at its statements; the same command line finishes it. */
class KilledExecuteIT {
  @TempDir private Path directory;
  private ProxiedCluster cluster;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;
  private int scripts;

  @BeforeEach
  void running_cascade() {
    cluster = new ProxiedCluster(directory);
    root = cluster.root("root", "18");
    leaf = cluster.below(root, NodeType.LEAF, "leaf", "9.6");
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute("create table t (id serial primary key)");
      node.database().execute("create table ran (script text primary key)");
      node.start();
    }
    ticker = new TestTicker(root.database());
    root.addTables(List.of("t"));
    leaf.addTables(List.of("t"));
    Eventually.inSync(leaf);
  }

  @AfterEach
  void close() {
    ticker.close();
    cluster.close();
  }

  @Test
  void scripts_run_once_and_together() throws Exception {
    Path one = directory.resolve("one.sql");
    Path two = directory.resolve("two.sql");
    new KilledCommand(cluster, cluster.operator(root), "execute", one.toString(), two.toString())
        .before(
            () -> {
              leaf.command("wait-root");
              forget();
              scripts++;
              String rows = "insert into ran values ('%%d %d');".formatted(scripts);
              write(
                  one,
                  "alter table t add column c%d int;\n".formatted(scripts) + rows.formatted(1));
              write(two, rows.formatted(2));
            })
        .whenKilled(
            () -> {
              long executed = root.database().count("londiste.applied_execute");
              assertThat(executed).isIn(0L, 2L);
              assertThat(ran(root)).isEqualTo(executed);
            })
        .afterwards(
            () -> {
              assertThat(root.database().count("londiste.applied_execute")).isEqualTo(2);
              root.database().execute("insert into t (c%1$d) values (%1$d)".formatted(scripts));
              await()
                  .atMost(Duration.ofMinutes(1))
                  .ignoreExceptions()
                  .untilAsserted(
                      () -> {
                        assertThat(ran(leaf)).isEqualTo(2);
                        assertThat(leaf.database().count("t where c" + scripts + " is not null"))
                            .isEqualTo(1);
                      });
            })
        .run();
  }

  private long ran(TestNode node) {
    return node.database().count("ran where script like '% " + scripts + "'");
  }

  /** So that the same names can be used for the next scripts. */
  private void forget() {
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute("delete from londiste.applied_execute");
    }
  }

  private static void write(Path file, String sql) {
    try {
      Files.writeString(file, sql);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void skip() {
    new KilledCommand(cluster, cluster.operator(leaf), "execute", "--skip=bad.sql")
        .before(
            () -> {
              forget();
              root.command(
                  "execute",
                  "--as=bad.sql",
                  "--sql=create table bad%d (a int)".formatted(++scripts));
              leaf.database()
                  .execute("create table if not exists bad%d (a int)".formatted(scripts));
            })
        .afterwards(
            () -> {
              root.database().execute("insert into t default values");
              await()
                  .atMost(Duration.ofMinutes(1))
                  .untilAsserted(
                      () ->
                          assertThat(leaf.database().count("t"))
                              .isEqualTo(root.database().count("t")));
            })
        .run();
  }
}

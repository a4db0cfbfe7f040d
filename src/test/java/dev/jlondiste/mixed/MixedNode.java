package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node with the database code of one implementation, served by a program of either. */
final class MixedNode implements AutoCloseable {
  private final TestNode node;
  private final Maker program;
  private @Nullable AutoCloseable worker;

  MixedNode(String name, TestDatabase database, Path directory, Maker program) {
    this.node = new TestNode(name, database, directory, "parallel_copies = 4");
    this.program = program;
  }

  TestNode node() {
    return node;
  }

  TestDatabase database() {
    return node.database();
  }

  /** The original's copies take tick after tick: with more of them they never catch up. */
  void createRoot() {
    command("create-root", node.name(), database().connectString());
    database()
        .execute("select pgq.set_queue_config('testq', 'ticker_max_lag', '300 milliseconds')");
    database().execute("select pgq.set_queue_config('testq', 'ticker_idle_period', '1 second')");
  }

  void createBelow(NodeType type, MixedNode provider) {
    command(
        "create-" + type,
        node.name(),
        database().connectString(),
        "--provider=" + provider.database().connectString());
  }

  void addTables(List<String> tables, String... options) {
    List<String> words = new ArrayList<>(List.of("add-table"));
    words.addAll(tables);
    words.addAll(List.of(options));
    command(words.toArray(String[]::new));
  }

  /** By the node's own program; must succeed. What it printed and logged. */
  String command(String... words) {
    return command(program, words);
  }

  /**
   * Runs a command with a program of either implementation, which must succeed. Returns what it
   * printed and logged.
   */
  String command(Maker by, String... words) {
    if (by == Maker.OURS) {
      var outcome = node.command(words);
      return outcome.out() + outcome.log();
    }
    ReferenceProgram.Outcome outcome = ReferenceProgram.command(node, words);
    assertThat(outcome.code()).as("%s%n%s", List.of(words), outcome.out()).isZero();
    return outcome.out();
  }

  void start() {
    start(program);
  }

  /** Stops the current worker and starts one of this implementation. */
  void start(Maker by) {
    stop();
    if (by == Maker.OURS) {
      node.start();
      worker = node::stop;
    } else {
      worker = ReferenceProgram.worker(node);
    }
  }

  void stop() {
    AutoCloseable running = worker;
    worker = null;
    if (running != null) {
      try {
        running.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * Kills the copies as a crash would: copies of the original continue after its worker has
   * stopped.
   */
  void endCopies() {
    ReferenceProgram.endCopies(node);
  }

  @Override
  public void close() {
    try {
      stop();
      endCopies();
    } finally {
      node.close();
    }
  }

  @Override
  public String toString() {
    return node.name();
  }
}

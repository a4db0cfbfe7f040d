package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node with the database code of one maker, worked for by a program of either. */
final class MixedNode implements AutoCloseable {
  private final TestNode node;
  private final Maker program;
  private @Nullable AutoCloseable worker;

  private MixedNode(TestNode node, Maker program) {
    this.node = node;
    this.program = program;
  }

  /**
   * @param server where the database is, when its code is ours; the reference has a server of its
   *     own. Not 18 for programs of the reference: as it takes NOT NULL for a constraint to be
   *     dropped before a copy, and a primary key may or may not be dropped before that, it fails at
   *     random.
   */
  static MixedNode create(
      String name, Maker code, Maker program, TestServer server, Path directory) {
    TestDatabase database =
        code == Maker.REFERENCE ? Reference.createDatabase() : server.createDatabase();
    MixedNode node =
        new MixedNode(new TestNode(name, database, directory, "parallel_copies = 4"), program);
    if (code == Maker.OURS) {
      node.node.command("install");
    }
    return node;
  }

  TestNode node() {
    return node;
  }

  TestDatabase database() {
    return node.database();
  }

  void createRoot() {
    command("create-root", node.name(), database().connectString());
    database()
        .execute("select pgq.set_queue_config('testq', 'ticker_max_lag', '100 milliseconds')");
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

  /** By a program of either maker; must succeed. What it printed and logged. */
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

  /** Hands the node to a worker of that maker: whatever works now is stopped first. */
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

  /** As a crash would: copies of the reference go on after its worker was stopped. */
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

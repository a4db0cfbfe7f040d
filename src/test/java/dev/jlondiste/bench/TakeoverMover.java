package dev.jlondiste.bench;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CutOverLoad;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** By command {@code takeover}; workers, tickers and commands run in this JVM. */
final class TakeoverMover implements RootMover {
  private final List<String> options;
  private TestNode open;
  private TestNode closed;

  TakeoverMover(TestDatabase first, TestDatabase second, Path directory, List<String> options) {
    this.options = List.copyOf(options);
    open = new TestNode("first", first, directory, "ticker = 1");
    closed = new TestNode("second", second, directory, "ticker = 1");
    open.command("create-root", "first", first.connectString()); // with the settings of a new root
    open.addTables(CutOverLoad.TABLES);
    open.command("add-seq", CutOverLoad.SEQUENCE);
    closed.createBelow(NodeType.BRANCH, open);
    open.start();
    closed.start();
    closed.addTables(CutOverLoad.TABLES);
    closed.command("add-seq", CutOverLoad.SEQUENCE);
    Eventually.inSync(closed);
  }

  @Override
  public void move() {
    List<String> words = new ArrayList<>(List.of("takeover", open.name(), "--max-pause=2s"));
    words.addAll(options);
    closed.command(words.toArray(String[]::new));
    TestNode former = open;
    open = closed;
    closed = former;
  }

  @Override
  public TestDatabase closed() {
    return closed.database();
  }

  @Override
  public void close() {
    closed.stop();
    open.stop();
  }
}

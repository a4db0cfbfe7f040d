package dev.jlondiste.bench;

import dev.jlondiste.cluster.CutOverByHand;
import dev.jlondiste.servers.TestDatabase;

/** By hand, with the server's logical replication. */
final class HandMover implements RootMover {
  private final CutOverByHand cutOver;

  HandMover(TestDatabase first, TestDatabase second) {
    cutOver = new CutOverByHand(first, second);
  }

  @Override
  public void move() {
    cutOver.run();
  }

  @Override
  public TestDatabase closed() {
    return cutOver.closed();
  }

  @Override
  public void close() {
    cutOver.close();
  }
}

package dev.jlondiste.mixed;

import dev.jlondiste.cluster.Shop;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The nodes of a test, all with the empty tables of the {@link Shop}; they end with it. */
final class MixedCluster implements AutoCloseable {
  private final Path directory;
  private final List<MixedNode> nodes = new ArrayList<>();

  MixedCluster(Path directory) {
    this.directory = directory;
  }

  /**
   * A database that is going to be a node.
   *
   * @param major of the server where our code is; the original has a server of its own. Not 18 for
   *     programs of the original: there it takes NOT NULL for constraints to be dropped before a
   *     copy, in any order, and fails when it comes to one of a key that is still there
   */
  MixedNode node(String name, Make make, String major) {
    TestDatabase database =
        make.code() == Maker.REFERENCE
            ? Reference.createDatabase()
            : Servers.shared(major).createDatabase();
    MixedNode node = new MixedNode(name, database, directory, make.program());
    nodes.add(node);
    if (make.code() == Maker.OURS) {
      node.command(Maker.OURS, "install");
    }
    Shop.create(database);
    return node;
  }

  List<MixedNode> nodes() {
    return nodes;
  }

  @Override
  public void close() {
    nodes.forEach(MixedNode::stop);
    nodes.forEach(MixedNode::close);
  }
}

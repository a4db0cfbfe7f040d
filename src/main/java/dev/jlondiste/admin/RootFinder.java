package dev.jlondiste.admin;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Walks from provider to provider until a root is reached. */
public final class RootFinder {
  private final String queue;
  private final Function<ConnectionString, Database> connect;

  /** {@code connect} knows how stored locations are reached from here. */
  public RootFinder(String queue, Function<ConnectionString, Database> connect) {
    this.queue = queue;
    this.connect = connect;
  }

  /** A node that was reached, and its database. */
  public record Found(NodeInfo node, Database database) {}

  public Found from(Database start) throws SQLException {
    List<String> way = new ArrayList<>();
    Database here = start;
    while (true) {
      NodeInfo node = nodeIn(here);
      if (node.isRoot()) {
        return new Found(node, here);
      }
      if (way.contains(node.name())) {
        way.add(node.name());
        throw new UserError(
            "no root above: providers lead in a circle: " + String.join(" -> ", way),
            "see 'status'; 'change-provider' on one of these nodes opens the circle");
      }
      way.add(node.name());
      String location =
          node.providerLocation()
              .orElseThrow(
                  () ->
                      new UserError(
                          "node '" + node.name() + "' has no provider location", "see 'members'"));
      here = connect.apply(ConnectionString.parse(location));
    }
  }

  /** The node that lives in a database; there must be one. */
  public NodeInfo nodeIn(Database database) throws SQLException {
    return Cascade.on(database, connection -> NodeFunctions.getNodeInfo(connection, queue))
        .orElseThrow(
            () ->
                new UserError(
                    "node not initialized: no node for queue '"
                        + queue
                        + "' in "
                        + database.target().masked(),
                    "is queue_name the same on both sides, and was the provider created?"));
  }
}

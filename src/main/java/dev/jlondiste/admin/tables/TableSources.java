package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeAddress;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.UpstreamWalk;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.TickChannel;
import dev.jlondiste.replica.LondisteFunctions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The nodes that tables of the local node can be copied from. Each node is queried once. Used by
 * one thread.
 */
public final class TableSources {
  private static final Logger log = LoggerFactory.getLogger(TableSources.class);

  private final Cascade cascade;
  private final Map<String, TableSource> known = new HashMap<>();

  public TableSources(Cascade cascade) {
    this.cascade = cascade;
  }

  public TableSource provider() throws SQLException {
    return at(cascade.providerName());
  }

  /**
   * Wakes the local worker by a tick notification of its provider, so that it finds new tables to
   * copy at once. Without it the worker finds them a little later.
   */
  void wakeWorker() {
    try {
      provider().database().run(db -> TickChannel.ring(db, cascade.queue()));
    } catch (SQLException | UserError e) {
      log.debug("worker not woken: {}", e.getMessage());
    }
  }

  /** The node of that name; throws UserError if it is not a member. */
  public TableSource named(String name) throws SQLException {
    if (cascade.findMember(name).isEmpty()) {
      throw new UserError("Cannot find node <" + name + ">", "'members' lists all nodes");
    }
    return at(name);
  }

  /** The first node on the way from the provider to the root that has the table with data. */
  public TableSource search(TableName table) throws SQLException {
    return search(table, Level.INFO);
  }

  /** As {@link #search(TableName)}, without messages. */
  public TableSource searchQuietly(TableName table) throws SQLException {
    return search(table, Level.DEBUG);
  }

  private TableSource search(TableName table, Level level) throws SQLException {
    UpstreamWalk walk =
        UpstreamWalk.from(
            NodeAddress.of(cascade.providerName()), address -> at(address.node()).reached());
    while (walk.upcoming().isPresent()) {
      String name = walk.upcoming().get().node();
      log.atLevel(level).log("Checking if {} can be used for copy", name);
      walk.next();
      TableSource candidate = at(name);
      if (candidate.hasData(table)) {
        log.atLevel(level).log("Node {} seems good source, using it", name);
        return candidate;
      }
    }
    throw new UserError(
        "no node between here and the root has table " + table + " with data",
        "add it on the root first, or wait until it is in sync there");
  }

  /** The node that {@code from} selects. */
  public TableSource find(CopyFrom from, TableName table) throws SQLException {
    if (from.search()) {
      return search(table);
    }
    return from.node().isPresent() ? named(from.node().get()) : provider();
  }

  private TableSource at(String name) throws SQLException {
    TableSource source = known.get(name);
    if (source == null) {
      source = query(name, cascade.database(name));
      known.put(name, source);
    }
    return source;
  }

  private TableSource query(String name, Database database) throws SQLException {
    String queue = cascade.queue();
    return database.call(
        db -> {
          NodeInfo node =
              NodeFunctions.getNodeInfo(db, queue)
                  .orElseThrow(
                      () ->
                          new UserError(
                              "node '" + name + "' does not know queue " + queue,
                              "was it dropped? See 'members'"));
          return new TableSource(node, database, LondisteFunctions.getTables(db, queue));
        });
  }
}

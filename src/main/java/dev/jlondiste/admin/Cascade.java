package dev.jlondiste.admin;

import dev.jlondiste.cascade.MovedNode;
import dev.jlondiste.cascade.NodeAddress;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLocation;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.cascade.UpstreamWalk;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlExplanation;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of one cascade as the local node knows them, and the connections to them. A
 * connection is opened only when it is first needed, and stays open until the cascade is closed.
 * Used by one thread, except for {@link #remote}.
 */
public final class Cascade implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cascade.class);

  private final NodeSettings settings;
  private final Set<String> assumedDead;
  private final Database local;
  private final Map<ConnectionString, Database> remotes = new HashMap<>();
  private @Nullable NodeInfo node;
  private @Nullable List<NodeLocation> members;

  /**
   * The nodes in {@code assumedDead} are never connected to in this run, even if the member list
   * has them as alive.
   */
  public Cascade(NodeSettings settings, Set<String> assumedDead) {
    this.settings = settings;
    this.assumedDead = new HashSet<>(assumedDead);
    this.local = connect(settings.db());
    assumedDead.forEach(name -> log.info("Assuming node '{}' as dead", name));
  }

  /** From now on the node is never connected to, as if it were given by {@code --dead}. */
  public void assumeDead(String name) {
    if (assumedDead.add(name)) {
      forget();
    }
  }

  public String queue() {
    return settings.queueName();
  }

  public NodeSettings settings() {
    return settings;
  }

  /** The database {@code db} of the ini file, whether or not it has a node. */
  public Database local() {
    return local;
  }

  /** The local node; empty when this database has none for the queue. */
  public Optional<NodeInfo> findNode() throws SQLException {
    if (node == null) {
      node = local.call(connection -> NodeFunctions.getNodeInfo(connection, queue())).orElse(null);
    }
    return Optional.ofNullable(node);
  }

  /** The local node; there must be one. */
  public NodeInfo node() throws SQLException {
    return findNode()
        .orElseThrow(
            () ->
                new UserError(
                    "Unknown queue: " + queue(),
                    "this database is no node of it; create one with create-root, create-branch or"
                        + " create-leaf"));
  }

  /** All members by name, those of {@code --dead} marked as dead. */
  public List<NodeLocation> members() throws SQLException {
    if (members == null) {
      members =
          local.call(connection -> NodeFunctions.getQueueLocations(connection, queue())).stream()
              .map(m -> new NodeLocation(m.node(), m.location(), isAssumedDead(m) || m.dead()))
              .toList();
    }
    return members;
  }

  private boolean isAssumedDead(NodeLocation member) {
    return assumedDead.contains(member.node());
  }

  /** Discards the cached node and members; the next call reads them again. */
  public void forget() {
    node = null;
    members = null;
  }

  public Optional<NodeLocation> findMember(String name) throws SQLException {
    return members().stream().filter(member -> member.node().equals(name)).findFirst();
  }

  /** The member of that name; there must be one. */
  public NodeLocation member(String name) throws SQLException {
    return findMember(name)
        .orElseThrow(
            () ->
                new UserError(
                    "get_node_database: cannot resolve " + name, "'members' lists all nodes"));
  }

  public boolean isDead(String name) throws SQLException {
    return member(name).dead();
  }

  /** The database of a live member; the local node is reached through {@code db}. */
  public Database database(String name) throws SQLException {
    Optional<NodeInfo> here = findNode();
    if (here.isPresent() && here.get().name().equals(name)) {
      return local;
    }
    NodeLocation member = member(name);
    if (member.dead()) {
      throw new UserError(
          "node '" + name + "' is tagged as dead",
          "if it is back: 'tag-alive " + name + "', or leave out --dead=" + name);
    }
    return remote(ConnectionString.parse(member.location()));
  }

  /** Runs one transaction on a member; the error of a remote member names its database. */
  public <T> T call(String name, SqlWork<T> work) throws SQLException {
    Database database = database(name);
    return database == local ? local.call(work) : onMember(name, database, work);
  }

  /** As {@link #on}, for the member {@code name}: its errors say what to do if it has moved. */
  public static <T> T onMember(String name, Database remote, SqlWork<T> work) {
    try {
      return remote.call(work);
    } catch (SQLException e) {
      throw MovedNode.explain(e, remote.target(), name);
    }
  }

  /** Runs one transaction on a remote database; its errors name that database. */
  public static <T> T on(Database remote, SqlWork<T> work) {
    try {
      return remote.call(work);
    } catch (SQLException e) {
      throw SqlExplanation.of(e, remote.target());
    }
  }

  /** The database at a location that is stored in a node or given on the command line. */
  public synchronized Database remote(ConnectionString location) {
    String extra = settings.remoteExtraConnstr();
    return remotes.computeIfAbsent(
        extra.isEmpty() ? location : location.overriddenBy(extra), this::connect);
  }

  private Database connect(ConnectionString target) {
    return Database.keeping(target, settings.job().jobName());
  }

  /** The provider of the local node; its own name on a root. */
  public String providerName() throws SQLException {
    NodeInfo here = node();
    return here.provider()
        .orElseThrow(() -> new UserError("node '" + here.name() + "' has no provider", null));
  }

  /** The root of the cascade, found by walking up from the local node. */
  public ReachedNode root() throws SQLException {
    return upstream(local).root();
  }

  /**
   * Walks from a member to the root by node names. Nodes that are tagged as dead are not connected
   * to.
   */
  public UpstreamWalk upstream(String member) {
    return UpstreamWalk.from(
        NodeAddress.of(member), address -> node(address.node(), database(address.node())));
  }

  /**
   * Walks to the root by the locations that the nodes have stored. The start is any database with a
   * node, whether or not that node is a member.
   */
  public UpstreamWalk upstream(Database start) throws SQLException {
    ReachedNode first = nodeIn(start);
    return UpstreamWalk.from(
        NodeAddress.of(first.name()),
        address ->
            address.node().equals(first.name())
                ? first
                : node(address.node(), remote(ConnectionString.parse(address.requireLocation()))));
  }

  /** The node in a database where the member {@code name} is expected. */
  private ReachedNode node(String name, Database database) throws SQLException {
    if (database == local) {
      return nodeIn(database);
    }
    try {
      return ReachedNode.in(database, queue());
    } catch (SQLException e) {
      throw MovedNode.explain(e, database.target(), name);
    }
  }

  /** The node that lives in a database; there must be one. */
  public ReachedNode nodeIn(Database database) throws SQLException {
    try {
      return ReachedNode.in(database, queue());
    } catch (SQLException e) {
      throw SqlExplanation.of(e, database.target());
    }
  }

  @Override
  public synchronized void close() {
    remotes.values().forEach(Database::close);
    local.close();
  }
}

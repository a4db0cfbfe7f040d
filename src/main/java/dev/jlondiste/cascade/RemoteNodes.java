package dev.jlondiste.cascade;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The other nodes that this daemon reads from, by their stored location. Pools are kept until the
 * daemon ends and close idle connections by themselves. Thread-safe.
 */
public final class RemoteNodes implements AutoCloseable {
  private final String extra;
  private final String jobName;
  private volatile int size;
  private final Duration lifetime;
  private final Map<String, Database> byLocation = new ConcurrentHashMap<>();

  /**
   * Opens no connection yet.
   *
   * @param extra pairs that override the stored ones ({@code remote_extra_connstr}); may be empty
   * @param size maximum number of connections to one node
   */
  public RemoteNodes(String extra, String jobName, int size, Duration lifetime) {
    this.extra = extra;
    this.jobName = jobName;
    this.size = size;
    this.lifetime = lifetime;
  }

  public Database at(String location) {
    return byLocation.computeIfAbsent(
        location,
        text ->
            Database.pooled(
                ConnectionString.parse(text).overriddenBy(extra), jobName, size, lifetime));
  }

  /** Walks from a node to the root by the locations that the nodes have stored. */
  public UpstreamWalk upstream(NodeAddress first, String queue) {
    return UpstreamWalk.from(
        first, address -> ReachedNode.in(at(address.requireLocation()), queue));
  }

  /** As {@link Database#resize}, for existing and future pools. */
  public void resize(int connections) {
    size = connections;
    byLocation.values().forEach(node -> node.resize(connections));
  }

  @Override
  public void close() {
    byLocation.values().forEach(Database::close);
  }
}

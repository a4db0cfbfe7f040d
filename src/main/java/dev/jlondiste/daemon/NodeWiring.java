package dev.jlondiste.daemon;

import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.replica.CopyWorkers;
import dev.jlondiste.replica.ReplicaSession;
import java.time.Duration;

/**
 * The connection pools that the loops of a node share. Connections are opened when a loop needs
 * them.
 *
 * @param local the node's database, for everything but batches and ticks
 * @param batches the same database, one session in which batches are applied
 * @param ticked the same database, for the ticker's own sessions
 * @param remote the other nodes
 * @param lock held while this process works for the node
 */
record NodeWiring(
    Database local, Database batches, Database ticked, RemoteNodes remote, NodeLock lock)
    implements AutoCloseable {
  /**
   * Connections in addition to those of copies and batches: worker, lock, foreign keys and errors,
   * tick listener.
   */
  private static final int BASE_CONNECTIONS = 6;

  private static final int CONNECTIONS_PER_COPY = 3;

  static NodeWiring of(NodeSettings settings) {
    String job = settings.job().jobName();
    Duration lifetime = settings.job().connectionLifetime();
    int size = poolSize(settings);
    Database local = Database.pooled(settings.db(), job, size, lifetime);
    return new NodeWiring(
        local,
        Database.pooled(settings.db(), job, 1, lifetime, ReplicaSession::begin),
        Database.direct(settings.db(), job),
        new RemoteNodes(settings.remoteExtraConnstr(), job, size, lifetime),
        new NodeLock(local, settings.queueName(), settings.consumerName()));
  }

  /** Size of the pool to the node's own database, and of the pool to each other node. */
  static int poolSize(NodeSettings settings) {
    return BASE_CONNECTIONS
        + CONNECTIONS_PER_COPY * (settings.copies().streams() + CopyWorkers.MAX_WAITING);
  }

  /** Resizes the pools for the number of copies that {@code settings} allow. */
  void resize(NodeSettings settings) {
    int size = poolSize(settings);
    local.resize(size);
    remote.resize(size);
  }

  @Override
  public void close() {
    lock.close();
    remote.close();
    batches.close();
    local.close();
    ticked.close();
  }
}

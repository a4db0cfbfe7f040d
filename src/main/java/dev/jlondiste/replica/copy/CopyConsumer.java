package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.cascade.UnknownConsumer;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of one table's copy: registered on the node it copies from and in the local
 * database, both under the name {@code WORKER.copy.SCHEMA.TABLE}. It prevents the source's queue
 * from being cleaned up, so it must be unregistered.
 */
final class CopyConsumer {
  private static final Logger log = LoggerFactory.getLogger(CopyConsumer.class);
  private static final String INFIX = ".copy.";

  private final String queue;
  private final String name;
  private final Database local;
  private final RemoteNodes remote;

  CopyConsumer(String queue, String worker, TableName table, Database local, RemoteNodes remote) {
    this(queue, name(worker, table), local, remote);
  }

  /** A consumer that was found in the database. */
  CopyConsumer(String queue, String name, Database local, RemoteNodes remote) {
    this.queue = queue;
    this.name = name;
    this.local = local;
    this.remote = remote;
  }

  static String name(String worker, TableName table) {
    return worker + INFIX + table.full();
  }

  /** Returns the table; empty unless {@code consumer} is a copy consumer of {@code worker}. */
  static Optional<TableName> tableOf(String consumer, String worker) {
    return consumer.startsWith(worker + INFIX)
        ? Optional.of(TableName.parse(consumer.substring(worker.length() + INFIX.length())))
        : Optional.empty();
  }

  String name() {
    return name;
  }

  /** Registers the consumer at the source's newest tick, or moves it there. */
  void register(CopySource source) throws SQLException {
    unregisterFromOldSource(source);
    log.info("Registering consumer on source queue");
    long tick =
        remote
            .at(source.location())
            .call(
                there -> {
                  PgqFunctions.unregisterConsumer(there, queue, name);
                  PgqFunctions.registerConsumer(there, queue, name);
                  return PgqFunctions.consumerPosition(there, queue, name).orElseThrow();
                });
    local.run(
        db -> {
          Reply reply = NodeFunctions.registerConsumer(db, queue, name, source.node(), tick);
          if (reply
              .isRefusal()) { // the node was dropped meanwhile, so nothing would unregister the
            // consumer
            remote
                .at(source.location())
                .call(there -> PgqFunctions.unregisterConsumer(there, queue, name));
          }
          log.info("{}", reply.orThrow().note());
          NodeFunctions.setConsumerUptodate(db, queue, name, true).orThrow();
        });
  }

  /**
   * Registers the consumer at {@code tick} of the source. The local side is registered first, so
   * that after a crash the consumer on the source is known here.
   */
  void registerAt(CopySource source, long tick) throws SQLException {
    unregisterFromOldSource(source);
    local.run(
        db -> {
          NodeFunctions.unregisterConsumer(db, queue, name);
          log.info(
              "{}",
              NodeFunctions.registerConsumer(db, queue, name, source.node(), tick)
                  .orThrow()
                  .note());
          NodeFunctions.setConsumerUptodate(db, queue, name, true).orThrow();
        });
    remote
        .at(source.location())
        .run(there -> PgqFunctions.registerConsumerAt(there, queue, name, tick));
  }

  /** Unregisters the consumer from another node that an earlier attempt has read from. */
  private void unregisterFromOldSource(CopySource source) throws SQLException {
    Optional<ConsumerState> earlier = local.call(this::state);
    if (earlier.isPresent() && !earlier.get().provider().equals(source.node())) {
      try {
        unregister();
      } catch (SQLException e) {
        log.warn(
            "consumer {} stays on node {}, which keeps events for it: {}",
            name,
            earlier.get().provider(),
            e.getMessage());
      }
    }
  }

  /** Returns the local state; empty if the consumer is not registered here. */
  Optional<ConsumerState> state(Connection db) throws SQLException {
    try {
      return Optional.of(NodeFunctions.getConsumerState(db, queue, name));
    } catch (UnknownConsumer e) {
      return Optional.empty();
    }
  }

  /** Unregisters the local side last, because it records that cleanup is necessary. */
  void unregister() throws SQLException {
    Optional<ConsumerState> state = local.call(this::state);
    if (state.isEmpty()) {
      return;
    }
    log.info("Unregistering consumer from source queue");
    remote
        .at(state.get().providerLocation())
        .call(there -> PgqFunctions.unregisterConsumer(there, queue, name));
    log.info(
        "{}", local.call(db -> NodeFunctions.unregisterConsumer(db, queue, name)).orThrow().note());
  }
}

package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the cascade's own events: members, watermarks, positions of merged queues. */
final class CascadeEvents {
  private static final Logger log = LoggerFactory.getLogger(CascadeEvents.class);

  private final String queue;
  private final SyncWatermark syncWatermark;

  CascadeEvents(String queue, SyncWatermark syncWatermark) {
    this.queue = queue;
    this.syncWatermark = syncWatermark;
  }

  void handle(Event event, NodeInfo node, Connection local) throws SQLException {
    if (event.type().equals("pgq.tick-id")) {
      mergedPosition(event, node, local);
      return;
    }
    if (!event.requiredExtra1().equals(queue)) {
      throw new IllegalStateException(
          "bad event in queue: "
              + event.type()
              + " of queue '"
              + event.extra1()
              + "' in queue '"
              + queue
              + "' (ev_id "
              + event.id()
              + ")");
    }
    switch (event.type()) {
      case "pgq.location-info" ->
          NodeFunctions.registerLocation(
                  local,
                  queue,
                  event.requiredData(),
                  event.extra2(),
                  Optional.ofNullable(event.extra3()).map(Boolean::parseBoolean).orElse(false))
              .orThrow();
      case "pgq.unregister-location" -> unregister(event.requiredData(), local);
      case "pgq.global-watermark" -> {
        if (SyncWatermark.isConfigured(node)) {
          syncWatermark.remember(Long.parseLong(event.requiredData()));
        } else if (node.type() == NodeType.BRANCH) {
          NodeFunctions.setGlobalWatermark(local, queue, Long.valueOf(event.requiredData()))
              .orThrow();
        }
      }
      default -> throw new IllegalStateException("unknown cascade event: " + event.type());
    }
  }

  /**
   * A refusal is not fatal: the node may have been recreated under its old name and may now be this
   * node's provider.
   */
  private void unregister(String node, Connection local) throws SQLException {
    Reply reply = NodeFunctions.unregisterLocation(local, queue, node);
    if (reply.isRefusal()) {
      log.warn("{}: location of node {} stays: {}", queue, node, reply.note());
    }
  }

  private void mergedPosition(Event event, NodeInfo node, Connection local) throws SQLException {
    String partQueue = event.requiredExtra1();
    if (partQueue.equals(queue)) {
      throw new IllegalStateException(
          "bad event in queue: pgq.tick-id of the queue itself (ev_id " + event.id() + ")");
    }
    if (node.type() == NodeType.BRANCH) {
      NodeFunctions.setPartitionWatermark(
              local, queue, partQueue, Long.parseLong(event.requiredData()))
          .orThrow();
    }
  }
}

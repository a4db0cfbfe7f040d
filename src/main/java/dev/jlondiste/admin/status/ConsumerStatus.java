package dev.jlondiste.admin.status;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A consumer of the local queue, or a cascaded consumer of the local node.
 *
 * @param provider the node it reads from
 * @param lag empty for a cascaded consumer of the local node, since only its provider knows it
 * @param paused empty for a consumer of the local queue, since only its target database knows it
 * @param error empty without an error, and for a consumer of the local queue
 */
public record ConsumerStatus(
    String name,
    String provider,
    long lastTick,
    Optional<Duration> lag,
    Optional<Boolean> paused,
    Optional<String> error) {

  /** The consumers of the local queue, then the cascaded consumers of the local node. */
  public static List<ConsumerStatus> list(Cascade cascade) throws SQLException {
    NodeReport report = StatusService.localReport(cascade);
    NodeInfo node = report.node();
    return Stream.concat(
            report.positions().stream().map(position -> of(position, node.name())),
            report.consumers().stream().map(ConsumerStatus::of))
        .toList();
  }

  private static ConsumerStatus of(QueuePosition position, String node) {
    return new ConsumerStatus(
        position.consumer(),
        node,
        position.lastTick(),
        position.lag(),
        Optional.empty(),
        Optional.empty());
  }

  private static ConsumerStatus of(NodeFunctions.Consumer consumer) {
    return new ConsumerStatus(
        consumer.name(),
        consumer.provider(),
        consumer.lastTick(),
        Optional.empty(),
        Optional.of(consumer.paused()),
        consumer.error());
  }
}

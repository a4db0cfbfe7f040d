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
 * Something that reads the queue: from the local node, or into it.
 *
 * @param provider the node it reads from
 * @param lag empty for what reads elsewhere: only its provider knows
 * @param paused empty for what writes elsewhere: only its target knows
 * @param error empty too when it writes elsewhere
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

package dev.jlondiste.admin.status;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.PendingRestore;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node tells about itself when asked.
 *
 * @param clock its database's time when it answered
 * @param tickerLag age of the newest tick in its queue; empty on a leaf
 * @param consumers the cascaded consumers that write to it
 * @param positions the consumers that read from it
 * @param inventory what is not captured as it should be, as far as that is known at little cost
 * @param subscribers names of the nodes that read from it
 * @param faults what stops tables; empty for a node whose database does not keep it
 * @param unrestored what copies have dropped in its database and not restored yet
 */
public record NodeReport(
    NodeInfo node,
    Instant clock,
    Optional<Duration> tickerLag,
    List<NodeFunctions.Consumer> consumers,
    List<QueuePosition> positions,
    List<String> subscribers,
    List<TableInfo> tables,
    List<RunningCopy> copies,
    List<TableFault> faults,
    List<PendingRestore> unrestored,
    List<Finding> inventory) {

  Optional<QueuePosition> positionOf(String consumer) {
    return positions.stream().filter(position -> position.consumer().equals(consumer)).findFirst();
  }

  /** Replicated and in sync. */
  public long tablesOk() {
    return tables.stream().filter(table -> table.local() && table.state().isOk()).count();
  }

  /** Added here, not in sync yet. */
  public long tablesHalf() {
    return tables.stream().filter(table -> table.local() && !table.state().isOk()).count();
  }

  /** Known on the queue, not added here. */
  public long tablesIgnored() {
    return tables.stream().filter(table -> !table.local()).count();
  }

  public Map<String, String> attributes() {
    return node.attributes().map(UrlEncoding::decodeDictionary).orElse(Map.of());
  }
}

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
 * The state of a node, as reported by its database.
 *
 * @param clock time of its database at the report
 * @param tickerLag age of the newest tick in its queue; empty on a leaf
 * @param consumers the cascaded consumers that write to it
 * @param positions the consumers that read from it
 * @param inventory defects of the capture that are found by cheap checks
 * @param subscribers names of the nodes that read from it
 * @param faults faults that stop tables; empty if the node's database code does not record them
 * @param unrestored objects that copies have dropped and not yet restored
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

  /** Number of tables that are replicated and in sync. */
  public long tablesOk() {
    return tables.stream().filter(table -> table.local() && table.state().isOk()).count();
  }

  /** Number of tables that are added here, but not yet in sync. */
  public long tablesHalf() {
    return tables.stream().filter(table -> table.local() && !table.state().isOk()).count();
  }

  /** Number of tables that are known on the queue, but not added here. */
  public long tablesIgnored() {
    return tables.stream().filter(table -> !table.local()).count();
  }

  public Map<String, String> attributes() {
    return node.attributes().map(UrlEncoding::decodeDictionary).orElse(Map.of());
  }
}

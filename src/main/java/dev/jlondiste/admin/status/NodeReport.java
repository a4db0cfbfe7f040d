package dev.jlondiste.admin.status;

import dev.jlondiste.admin.compare.ComparisonRecord;
import dev.jlondiste.admin.takeover.TakeoverMark;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.PendingRestore;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a node, as reported by its database.
 *
 * @param clock time of its database at the report
 * @param tickerLag age of the newest tick in its queue; empty on a leaf
 * @param consumers the cascaded consumers that write to it
 * @param insertsDisabled true if its queue refuses events of applications; false on a leaf
 * @param positions the consumers that read from it
 * @param inventory defects of the capture that are found by cheap checks
 * @param subscribers names of the nodes that read from it
 * @param faults faults that stop tables; empty if the node's database code does not record them
 * @param unrestored objects that copies have dropped and not yet restored
 * @param comparisons the last comparison of each table, if there was one
 */
public record NodeReport(
    NodeInfo node,
    Instant clock,
    Optional<Duration> tickerLag,
    boolean insertsDisabled,
    List<NodeFunctions.Consumer> consumers,
    List<QueuePosition> positions,
    List<String> subscribers,
    List<TableInfo> tables,
    List<RunningCopy> copies,
    List<TableFault> faults,
    List<PendingRestore> unrestored,
    List<Finding> inventory,
    Map<TableName, ComparisonRecord> comparisons) {

  /** The last comparisons that found a difference, by the names of the tables. */
  public List<ComparisonRecord> differing() {
    return comparisons.values().stream()
        .filter(comparison -> !comparison.equal())
        .sorted(Comparator.comparing(ComparisonRecord::table))
        .toList();
  }

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

  /** The attributes of the node, except the mark of a takeover. */
  public Map<String, String> attributes() {
    Map<String, String> attributes =
        new LinkedHashMap<>(node.attributes().map(UrlEncoding::decodeDictionary).orElse(Map.of()));
    attributes.remove(TakeoverMark.KEY);
    return attributes;
  }

  /** The takeover that has begun and is not finished; also while it runs. */
  public Optional<TakeoverMark> takeover() {
    return TakeoverMark.of(node);
  }

  /** True for a root whose applications cannot write, because a takeover has closed it. */
  public boolean isClosedRoot() {
    return node.isRoot() && insertsDisabled;
  }

  /**
   * Describes the state of a takeover that is not finished; empty if every takeover is finished.
   */
  public Optional<String> takeoverText() {
    Optional<TakeoverMark> takeover = takeover();
    if (isClosedRoot()) {
      return Optional.of(
          "CLOSED: inserts disabled by an unfinished takeover"
              + takeover.map(t -> " of " + t.newNode()).orElse("")
              + "; run 'takeover %s' again on %s to finish or 'takeover %s --undo' to open it"
                  .formatted(
                      takeover.map(TakeoverMark::oldNode).orElse(node.name()),
                      takeover.map(TakeoverMark::newNode).orElse("the new root"),
                      takeover.map(TakeoverMark::oldNode).orElse(node.name())));
    }
    return takeover.map(
        t ->
            "TAKEOVER of %s by %s not finished; run 'takeover %s' again on %s, or with --undo"
                .formatted(t.oldNode(), t.newNode(), t.oldNode(), t.newNode()));
  }
}

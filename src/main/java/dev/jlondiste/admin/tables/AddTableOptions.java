package dev.jlondiste.admin.tables;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How tables are added.
 *
 * @param destination local name of the one table that is added
 * @param expectSync the rows are there already
 * @param keepRows copy without emptying the table before
 * @param skipMissing pass over tables that one side does not have
 * @param mergeAll take the table from all queues that have it
 * @param noMerge take it from this queue only
 * @param maxParallelCopy how many copies into one target table may run at a time
 * @param force differences of the structure are warnings
 * @param allowed what stands in the way of a faithful replica, and is accepted
 */
public record AddTableOptions(
    Optional<TableName> destination,
    CreateMode create,
    boolean expectSync,
    boolean keepRows,
    boolean skipMissing,
    CopyFrom copyFrom,
    Optional<HandlerSpec> handler,
    TriggerSpec trigger,
    boolean mergeAll,
    boolean noMerge,
    Optional<Integer> maxParallelCopy,
    boolean force,
    Set<Hazard> allowed) {
  public AddTableOptions {
    allowed = Set.copyOf(allowed);
  }

  TableName localName(TableName table) {
    return destination.orElse(table);
  }

  /** Options of {@code londiste.local_add_table} and arguments of the trigger, mixed. */
  List<String> triggerArguments(Capture capture) {
    List<String> all = new ArrayList<>();
    if (expectSync) {
      all.add("expect_sync");
    }
    if (mergeAll) {
      all.add("merge_all");
    }
    if (noMerge) {
      all.add("no_merge");
    }
    all.addAll(trigger.triggerArguments(capture));
    return all;
  }

  /** The table's attributes, url-encoded; null when there are none. */
  @Nullable String attributes() {
    Map<String, String> all = new LinkedHashMap<>();
    copyFrom.attribute().ifPresent(node -> all.put("copy_node", node));
    handler.ifPresent(wish -> all.put("handler", wish.attribute()));
    if (keepRows) {
      all.put("skip_truncate", "1");
    }
    if (trigger.none()) {
      all.put("no_triggers", "1"); // so that their absence is known to be meant
    }
    maxParallelCopy.ifPresent(n -> all.put("max_parallel_copy", n.toString()));
    return all.isEmpty() ? null : UrlEncoding.encode(all);
  }
}

package dev.jlondiste.admin.tables;

import dev.jlondiste.config.OnError;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.TableInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options for adding tables.
 *
 * @param destination local name of the one table that is added
 * @param expectSync copy nothing: the rows exist already
 * @param keepRows do not truncate the table before the copy
 * @param skipMissing skip tables that one side does not have
 * @param mergeAll merge the table from all queues that have it
 * @param noMerge do not merge: take the table from this queue only
 * @param maxParallelCopy maximum of copies into one target table at the same time
 * @param force structure differences that prevent replication are only warnings
 * @param allowed hazards that the operator accepts
 * @param onError what the worker does when an event of the table cannot be applied; empty: as the
 *     ini file says
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
    Set<Hazard> allowed,
    Optional<OnError> onError) {
  public AddTableOptions {
    allowed = Set.copyOf(allowed);
    destination = destination(destination, handler);
    maxParallelCopy
        .filter(n -> n < 1)
        .ifPresent(
            n -> {
              throw new UserError(
                  "--max-parallel-copy=" + n + ": no copy would ever begin", "1 or more");
            });
  }

  /** A handler argument can name the local table, too. */
  private static Optional<TableName> destination(
      Optional<TableName> option, Optional<HandlerSpec> handler) {
    Optional<TableName> argument = handler.flatMap(HandlerSpec::destination);
    if (option.isPresent() && argument.isPresent() && !option.equals(argument)) {
      throw new UserError(
          "--dest-table=%s and handler argument table=%s differ"
              .formatted(option.get(), argument.get()),
          "give one of them");
    }
    return option.or(() -> argument);
  }

  TableName localName(TableName table) {
    return destination.orElse(table);
  }

  /**
   * The argument list of {@code londiste.local_add_table}: its own options and the arguments of the
   * trigger.
   */
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
    handler.ifPresent(spec -> all.put("handler", spec.attribute()));
    if (keepRows) {
      all.put("skip_truncate", "1");
    }
    if (trigger.none()) {
      all.put("no_triggers", "1"); // marks the missing triggers as intended
    }
    maxParallelCopy.ifPresent(n -> all.put("max_parallel_copy", n.toString()));
    onError.ifPresent(policy -> all.put(TableInfo.ON_ERROR, policy.iniName()));
    return all.isEmpty() ? null : UrlEncoding.encode(all);
  }
}

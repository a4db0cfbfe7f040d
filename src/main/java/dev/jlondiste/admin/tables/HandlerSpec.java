package dev.jlondiste.admin.tables;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.handler.TableHandlerFactory;
import dev.jlondiste.replica.handler.TableHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table's handler and its arguments, checked.
 *
 * @param name as given: the primary name of the handler or an older one
 */
public record HandlerSpec(String name, Map<String, String> arguments) {
  /** Returns empty if neither a name nor arguments are given. */
  public static Optional<HandlerSpec> of(Optional<String> name, List<String> pairs) {
    if (name.isEmpty() && pairs.isEmpty()) {
      return Optional.empty();
    }
    String given = name.orElse(TableHandlers.DEFAULT);
    if (given.indexOf('(') >= 0) {
      throw new UserError(
          "--handler=" + given + ": arguments do not belong here", "use --handler-arg=KEY=VALUE");
    }
    TableHandlerFactory factory = TableHandlers.named(given);
    Map<String, String> arguments = factory.description().check(pairs);
    factory.check(arguments);
    return Optional.of(new HandlerSpec(given, arguments));
  }

  /** False if the table has no rows on this node. */
  boolean needsTable() {
    return TableHandlers.named(name).needsTable(arguments);
  }

  /** True if the rows of the table are in partitions. */
  boolean hasPartitions() {
    return TableHandlers.named(name).hasPartitions(arguments);
  }

  /** False if the table can be copied from one queue only. */
  boolean mergesCopies() {
    return TableHandlers.named(name).mergesCopies();
  }

  /** The local table that the arguments name; empty if they name none. */
  Optional<TableName> destination() {
    return TableHandlers.named(name).destination(arguments);
  }

  /** The value of the table attribute {@code handler}. */
  String attribute() {
    return arguments.isEmpty() ? name : name + "(" + UrlEncoding.encode(arguments) + ")";
  }
}

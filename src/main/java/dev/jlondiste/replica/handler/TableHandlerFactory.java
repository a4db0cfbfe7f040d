package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * Creates handlers of one kind. Stateless. A plug-in implements it with a public constructor
 * without parameters, and its jar names the class in {@code
 * META-INF/services/dev.jlondiste.replica.handler.TableHandlerFactory}, so that {@link
 * java.util.ServiceLoader} finds it; see {@link TableHandlers}.
 */
public interface TableHandlerFactory {
  /** The names, texts and arguments of the handler. */
  HandlerDescription description();

  /**
   * Creates the handler of one table. Must not fail because of stored arguments that are not valid:
   * another program may have stored them. The handler may fail when it is used.
   */
  TableHandler create(HandlerContext context);

  /**
   * Checks arguments together, after each was checked by its description.
   *
   * @throws dev.jlondiste.fault.UserError if they cannot be stored
   */
  default void check(Map<String, String> arguments) {}

  /**
   * False if the table needs no physical table on this node: it then has no rows here that could be
   * copied or compared.
   *
   * @param arguments the stored arguments
   */
  default boolean needsTable(Map<String, String> arguments) {
    return true;
  }

  /**
   * True if handlers read the data of row changes as text, or the time of events. Reading them
   * costs time, so otherwise an event only has its decoded row.
   */
  default boolean readsWholeEvents() {
    return false;
  }

  /** As {@link #readsWholeEvents()}, for a table with these stored arguments. */
  default boolean readsWholeEvents(Map<String, String> arguments) {
    return readsWholeEvents();
  }

  /**
   * True if the handler writes rows to partitions of the table, where a copy does not find them.
   *
   * @param arguments the stored arguments
   */
  default boolean hasPartitions(Map<String, String> arguments) {
    return false;
  }

  /**
   * True if a subscriber has the same rows as its provider, with the same values, so that it can
   * take the provider's place.
   *
   * @param arguments the stored arguments
   */
  default boolean keepsRows(Map<String, String> arguments) {
    return false;
  }

  /**
   * The handler that a table of this one needs before its node becomes the root, if the table has
   * no rows here.
   */
  default String handlerOfRoot() {
    return TableHandlers.DEFAULT;
  }

  /**
   * False if the rows of several queues must not be copied to the table together. Such a copy
   * empties the table and drops its keys, and then adds the rows of each source.
   */
  default boolean mergesCopies() {
    return true;
  }

  /**
   * Returns the local table that the arguments name; empty if the handler has no such argument.
   *
   * @param arguments the stored arguments
   */
  default Optional<TableName> destination(Map<String, String> arguments) {
    return Optional.empty();
  }
}

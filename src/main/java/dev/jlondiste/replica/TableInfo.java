package dev.jlondiste.replica;

import dev.jlondiste.config.OnError;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.pgq.row.UrlEncoding;
import dev.jlondiste.replica.handler.TableHandlers;
import java.util.Map;
import java.util.Optional;

/**
 * A table of the queue as registered on this node.
 *
 * @param name the queue-wide name
 * @param local true if the table is attached here
 * @param snapshot the snapshot of the initial copy; events visible in it are already in the table
 * @param attributes decoded {@code table_attrs}: handler, copy_node, skip_truncate,
 *     max_parallel_copy, on_error
 * @param droppedDdl statements that restore what a merge copy dropped
 * @param copyRole role in a merged copy: lead, wait-copy, wait-replay
 * @param copyPosition the number of other copies of the same table before this one
 * @param destination the local table; the queue-wide name unless renamed
 */
public record TableInfo(
    TableName name,
    boolean local,
    TableState state,
    Optional<TxidSnapshot> snapshot,
    Map<String, String> attributes,
    Optional<String> droppedDdl,
    Optional<String> copyRole,
    int copyPosition,
    TableName destination) {
  /** The name of the attribute {@code on_error}. */
  public static final String ON_ERROR = "on_error";

  private static final String HANDLER = "handler";
  private static final String DEFAULT_HANDLER = TableHandlers.DEFAULT;

  /** The name of the attribute in old versions of Londiste. */
  private static final String OLD_HANDLER = "handlers";

  /** True if the table intentionally has no rows here: nothing is copied or compared. */
  public boolean isVirtual() {
    return TableHandlers.find(handler())
        .filter(factory -> !factory.needsTable(handlerArguments()))
        .isPresent();
  }

  /** True if the handler leaves out or changes rows, so that those of the provider are not here. */
  public boolean losesRows() {
    return !TableHandlers.find(handler())
        .filter(factory -> factory.keepsRows(handlerArguments()))
        .isPresent();
  }

  /** True if the handler writes the rows to partitions; see {@link PartitionedRows}. */
  public boolean hasPartitions() {
    return TableHandlers.find(handler())
        .filter(factory -> factory.hasPartitions(handlerArguments()))
        .isPresent();
  }

  /** True if this program does not have the table's handler; see {@link UnsupportedHandler}. */
  public boolean isRefused() {
    return TableHandlers.find(handler()).isEmpty();
  }

  /** The name of the handler, which decides how rows are applied, copied and compared. */
  public String handler() {
    String text = handlerText();
    int bracket = text.indexOf('(');
    return bracket < 0 ? text : text.substring(0, bracket);
  }

  private String handlerText() {
    return attributes.getOrDefault(HANDLER, attributes.getOrDefault(OLD_HANDLER, DEFAULT_HANDLER));
  }

  /** The arguments of the handler by name. */
  public Map<String, String> handlerArguments() {
    String text = handlerText();
    int bracket = text.indexOf('(');
    return bracket < 0 || !text.endsWith(")")
        ? Map.of()
        : UrlEncoding.decodeDictionary(
            text.substring(bracket + 1, text.length() - 1).replace(',', '&'));
  }

  /**
   * What the worker does when an event of the table cannot be applied.
   *
   * @param ofNode of tables without an attribute; a value that is not known stops the worker
   */
  public OnError onError(OnError ofNode) {
    String text = attributes.get(ON_ERROR);
    return text == null ? ofNode : OnError.parse(text).orElse(OnError.STOP);
  }

  /** True if the copy keeps the rows that the table already has. */
  public boolean keepsRows() {
    return "1".equals(attributes.get("skip_truncate"));
  }

  /** The node to copy from instead of the provider; {@code ?} requests a search. */
  public Optional<String> copyNode() {
    return Optional.ofNullable(attributes.get("copy_node"));
  }
}

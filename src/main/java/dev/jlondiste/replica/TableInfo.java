package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.pgq.UrlEncoding;
import dev.jlondiste.replica.handler.TableHandlers;
import java.util.Map;
import java.util.Optional;

/**
 * A table of the queue as this node knows it.
 *
 * @param name the queue-wide name
 * @param local true when the table is attached here
 * @param snapshot what the first copy saw; events visible in it are already in the table
 * @param attributes decoded {@code table_attrs}: handler, copy_node, skip_truncate,
 *     max_parallel_copy
 * @param droppedDdl statements that restore what a merge copy dropped
 * @param copyRole part in a merged copy: lead, wait-copy, wait-replay
 * @param copyPosition how many other copies of the same table go before this one
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
  private static final String HANDLER = "handler";
  private static final String DEFAULT_HANDLER = TableHandlers.DEFAULT;

  /** Name of the handler, which decides how events are applied. */
  public String handler() {
    String text = attributes.getOrDefault(HANDLER, DEFAULT_HANDLER);
    int bracket = text.indexOf('(');
    return bracket < 0 ? text : text.substring(0, bracket);
  }

  /** Arguments of the handler by their names. */
  public Map<String, String> handlerArguments() {
    String text = attributes.getOrDefault(HANDLER, DEFAULT_HANDLER);
    int bracket = text.indexOf('(');
    return bracket < 0 || !text.endsWith(")")
        ? Map.of()
        : UrlEncoding.decodeDictionary(
            text.substring(bracket + 1, text.length() - 1).replace(',', '&'));
  }

  /** Rows that are already there stay when the table is copied. */
  public boolean keepsRows() {
    return "1".equals(attributes.get("skip_truncate"));
  }

  /** The node to copy from instead of the provider; {@code ?} asks to search one. */
  public Optional<String> copyNode() {
    return Optional.ofNullable(attributes.get("copy_node"));
  }
}

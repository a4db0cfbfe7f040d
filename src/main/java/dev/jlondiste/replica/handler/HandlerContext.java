package dev.jlondiste.replica.handler;

import dev.jlondiste.db.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler knows of its table and node.
 *
 * @param queue name of the node's queue
 * @param table the queue-wide name
 * @param destination the local table
 * @param description of the handler
 * @param arguments the stored arguments; not checked
 * @param settings keys of the ini file for handlers, such as {@code shard_hash_func}
 */
public record HandlerContext(
    String queue,
    TableName table,
    TableName destination,
    HandlerDescription description,
    Map<String, String> arguments,
    Map<String, String> settings) {
  public HandlerContext {
    arguments = Map.copyOf(arguments);
    settings = Map.copyOf(settings);
  }

  /** The value of a described argument, or its default; empty if there is neither. */
  public Optional<String> argument(String name) {
    return Optional.ofNullable(description.value(arguments, name));
  }

  /** True if the value of a described argument is 1. */
  public boolean flag(String name) {
    return argument(name).equals(Optional.of("1"));
  }

  /** A key of the ini file; empty if it is not set. */
  public Optional<String> setting(String key) {
    return Optional.ofNullable(settings.get(key));
  }
}

package dev.jlondiste.replica.handler;

import java.util.List;

/**
 * The table on the node that rows come from.
 *
 * @param columns the names of its columns
 * @param key the names of the columns of its primary key
 */
public record SourceTable(List<String> columns, List<String> key) {
  public SourceTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }
}

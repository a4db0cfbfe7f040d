package dev.jlondiste.admin.compare;

import java.util.List;

/**
 * The key of a row.
 *
 * @param hash see {@link ComparedTable}
 * @param texts of the key columns, as a literal has them
 */
record RowKey(String hash, List<String> texts) {
  RowKey {
    texts = List.copyOf(texts);
  }
}

package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.Set;

/**
 * A sequence of the database that no extension owns.
 *
 * @param tables those whose columns it belongs to, or that take defaults from it
 */
record RelatedSequence(TableName name, Set<TableName> tables) {
  RelatedSequence {
    tables = Set.copyOf(tables);
  }
}

package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.Set;

/**
 * A sequence of the database that no extension owns.
 *
 * @param tables the tables whose columns own it or use it in their defaults
 */
record RelatedSequence(TableName name, Set<TableName> tables) {
  RelatedSequence {
    tables = Set.copyOf(tables);
  }
}

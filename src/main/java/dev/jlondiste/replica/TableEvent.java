package dev.jlondiste.replica;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.RowChange;

/** An event of a table that applies to this node. */
record TableEvent(DecodedEvent decoded, TableInfo table) {
  boolean isTruncate() {
    return RowEvents.isTruncate(decoded);
  }

  /** True for the first half of an update of the key. */
  boolean isMoved() {
    RowChange row = decoded.row();
    return row != null && row.isMoved();
  }

  boolean isInsert() {
    RowChange row = decoded.row();
    return row != null && row.operation() == RowChange.Operation.INSERT;
  }
}

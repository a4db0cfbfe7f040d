package dev.jlondiste.cascade;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.RowChange;
import java.util.HashMap;
import java.util.Map;

/**
 * Tracks rows whose key changes: native capture writes such an update as a DELETE and an INSERT of
 * the same transaction. A part of a tick must not end between the two, not even on a branch without
 * the table, because the nodes below it would take the parts for two transactions.
 */
final class MovedRows {
  private record Place(long txid, String table) {}

  private final Map<Place, Integer> underWay = new HashMap<>();

  /** Must be called for every event, in their order. */
  void see(DecodedEvent decoded) {
    RowChange row = decoded.row();
    String table = decoded.event().extra1();
    if (row == null || table == null) {
      return;
    }
    if (row.isMoved()) {
      underWay.merge(new Place(decoded.event().txid(), table), 1, Integer::sum);
    } else if (row.operation() == RowChange.Operation.INSERT && !underWay.isEmpty()) {
      underWay.computeIfPresent(
          new Place(decoded.event().txid(), table), (place, rows) -> rows > 1 ? rows - 1 : null);
    }
  }

  boolean haveArrived() {
    return underWay.isEmpty();
  }
}

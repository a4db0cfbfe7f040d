package dev.jlondiste.admin.resurrection;

import dev.jlondiste.pgq.BadEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event of a former root that no other node has.
 *
 * @param tick the tick that ends its batch; null if none does
 * @param previousTick the tick before that
 */
record LostEvent(Event event, @Nullable Long tick, long previousTick) {
  /** The row change; empty for other events, and if its columns cannot be decoded. */
  Optional<RowChange> change() {
    return event.isRowChange() ? decode(event) : Optional.empty();
  }

  /** The row before an UPDATE, which triggers with {@code backup} store. */
  Optional<RowChange> oldRow() {
    String backup = event.extra2();
    return event.isRowChange() && backup != null
        ? decode(event.withData(backup))
        : Optional.empty();
  }

  private static Optional<RowChange> decode(Event event) {
    try {
      return Optional.of(RowChangeReader.read(event));
    } catch (BadEvent e) {
      return Optional.empty(); // an SQL fragment
    }
  }

  /** True if the previous state of the row is known, so that SQL can restore it. */
  boolean canBeRolledBack() {
    return change()
        .filter(change -> !change.keys().isEmpty())
        .map(change -> change.operation() != RowChange.Operation.UPDATE || oldRow().isPresent())
        .orElse(false);
  }
}

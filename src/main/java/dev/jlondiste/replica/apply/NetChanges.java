package dev.jlondiste.replica.apply;

import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowShape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What many changes of one table come to: at most one change per row. Only changes that follow from
 * each other are taken: what was deleted can be inserted, but not updated. Who is refused begins
 * anew, so that what is odd meets the table as it was then.
 *
 * <p>A row that was inserted and deleted again comes to nothing, also if the target had another row
 * of that key, which one by one would have been refused.
 */
final class NetChanges {
  /** What became of a row. */
  enum Effect {
    INSERTED,
    UPDATED,
    DELETED,
    /** Deleted, and inserted again. */
    REPLACED,
    NONE;

    /** Null when {@code next} does not follow. */
    @Nullable Effect then(RowChange.Operation next) {
      return switch (next) {
        case INSERT -> this == DELETED ? REPLACED : this == NONE ? INSERTED : null;
        case UPDATE -> this == DELETED || this == NONE ? null : this;
        case DELETE ->
            switch (this) {
              case INSERTED -> NONE;
              case UPDATED, REPLACED -> DELETED;
              case DELETED, NONE -> null;
            };
      };
    }

    static Effect of(RowChange.Operation first) {
      return switch (first) {
        case INSERT -> INSERTED;
        case UPDATE -> UPDATED;
        case DELETE -> DELETED;
      };
    }
  }

  /** The last change of a row, and what all its changes come to. */
  private static final class Net {
    Effect effect;
    RowChange last;

    Net(RowChange first) {
      this.effect = Effect.of(first.operation());
      this.last = first;
    }
  }

  private final RowShape shape;
  private final int[] key;
  private final boolean numberAsKey;
  private final Map<Object, Net> rows = new HashMap<>();
  private final List<Net> order = new ArrayList<>();

  /** {@code numberAsKey}: the key is one whole number, and takes less space as such. */
  NetChanges(RowShape shape, boolean numberAsKey) {
    this.shape = shape;
    this.numberAsKey = numberAsKey;
    this.key = shape.keyPositions();
  }

  RowShape shape() {
    return shape;
  }

  /** False, and nothing is taken, when it does not follow from what is there. */
  boolean take(RowChange change) {
    if (!change.shape().equals(shape)) {
      return false;
    }
    Object row = keyOf(change);
    if (row == null) {
      return false;
    }
    Net known = rows.get(row);
    if (known == null) {
      Net first = new Net(change);
      rows.put(row, first);
      order.add(first);
      return true;
    }
    Effect effect = known.effect.then(change.operation());
    if (effect == null) {
      return false;
    }
    known.effect = effect;
    known.last = change;
    return true;
  }

  /** Null when a part of the key is NULL, which is equal to nothing, or is no number. */
  private @Nullable Object keyOf(RowChange change) {
    if (key.length == 1) {
      return numberAsKey ? change.wholeNumber(key[0]) : change.value(key[0]);
    }
    List<String> parts = new ArrayList<>(key.length);
    for (int position : key) {
      String part = change.value(position);
      if (part == null) {
        return null;
      }
      parts.add(part);
    }
    return parts;
  }

  int size() {
    return order.size();
  }

  /** Rows that have to go, in the order in which they were first changed. */
  List<RowChange> deletes() {
    return those(EnumSet.of(Effect.DELETED, Effect.REPLACED));
  }

  List<RowChange> updates() {
    return those(EnumSet.of(Effect.UPDATED));
  }

  /** Rows that have to be there afterwards, and are not once the deletes are done. */
  List<RowChange> inserts() {
    return those(EnumSet.of(Effect.INSERTED, Effect.REPLACED));
  }

  private List<RowChange> those(Set<Effect> wanted) {
    List<RowChange> those = new ArrayList<>();
    for (Net net : order) {
      if (wanted.contains(net.effect)) {
        those.add(net.last);
      }
    }
    return those;
  }
}

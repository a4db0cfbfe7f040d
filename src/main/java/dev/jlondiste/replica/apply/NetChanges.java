package dev.jlondiste.replica.apply;

import com.carrotsearch.hppc.IntArrayList;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.RowShape;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
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

  private final RowStore rows = new RowStore();
  private final RowShape shape;
  private final boolean numberAsKey;
  private final List<Effect> effects = new ArrayList<>();
  private final IntArrayList last = new IntArrayList();

  /** Null as long as there are only inserts: the server notices when one is there twice. */
  private @Nullable KeyIndex index;

  /** {@code numberAsKey}: the key is one whole number, and takes less space as such. */
  NetChanges(RowShape shape, boolean numberAsKey) {
    this.shape = shape;
    this.numberAsKey = numberAsKey;
  }

  /** All changes, in their order. */
  RowStore rows() {
    return rows;
  }

  RowShape shape() {
    return shape;
  }

  /** False, and nothing is taken, when it does not follow from what is there. */
  boolean take(RowChange change) throws SQLException {
    if (!change.shape().equals(shape)
        || (index == null && change.operation() != RowChange.Operation.INSERT && !indexRows())
        || (index != null && !follow(index, change, rows.size()))) {
      return false;
    }
    rows.add(change);
    return true;
  }

  private boolean indexRows() {
    KeyIndex made = new KeyIndex(shape, numberAsKey);
    for (int number = 0; number < rows.size(); number++) {
      if (!follow(made, rows.change(number), number)) {
        effects.clear();
        last.clear();
        return false;
      }
    }
    index = made;
    return true;
  }

  private boolean follow(KeyIndex keys, RowChange change, int number) {
    Integer row = keys.number(change);
    if (row == null) {
      return false;
    }
    if (row == effects.size()) {
      effects.add(Effect.of(change.operation()));
      last.add(number);
      return true;
    }
    Effect effect = effects.get(row).then(change.operation());
    if (effect == null) {
      return false;
    }
    effects.set(row, effect);
    last.set(row, number);
    return true;
  }

  /** Numbers of changes whose rows have to go, in the order in which they were first changed. */
  int[] deletes() {
    return those(EnumSet.of(Effect.DELETED, Effect.REPLACED));
  }

  /** Numbers of the last changes of rows that stay. */
  int[] updates() {
    return those(EnumSet.of(Effect.UPDATED));
  }

  /** The same of rows that have to be there afterwards, and are not once the deletes are done. */
  int[] inserts() {
    return index == null
        ? IntStream.range(0, rows.size()).toArray()
        : those(EnumSet.of(Effect.INSERTED, Effect.REPLACED));
  }

  private int[] those(Set<Effect> wanted) {
    IntArrayList those = new IntArrayList();
    for (int row = 0; row < effects.size(); row++) {
      if (wanted.contains(effects.get(row))) {
        those.add(last.get(row));
      }
    }
    return those.toArray();
  }

  /** About what they take of the heap. */
  long bytes() {
    return rows.bytes() + (index == null ? 0 : index.bytes());
  }
}

package dev.jlondiste.replica.apply;

import com.carrotsearch.hppc.IntArrayList;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.RowShape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The net effect of the changes of one table in a {@link ChangeBuffer}: at most one change per row.
 * It is folded change by change, because the buffer has to know at once when a change does not
 * follow from those before it: a row that was deleted can be inserted, but not updated. Such a
 * change starts a new buffer, so that it is applied to the table as it was at that point.
 *
 * <p>A row that was inserted and deleted again has no effect, even if the target has another row of
 * that key, which would make single statements fail.
 *
 * <p>As long as all changes are inserts, rows are not numbered by their keys: the server refuses a
 * duplicate key.
 */
final class NetEffect {
  private final TargetTable table;
  private final RowShape shape;
  private final RowStore changes;

  /** The effect on each row, by the row's number in the index. */
  private final List<RowEffect> effects = new ArrayList<>();

  /** The number of each row's last change. */
  private final IntArrayList last = new IntArrayList();

  /** Null as long as all changes are inserts. */
  private @Nullable KeyIndex index;

  /**
   * Of changes of one shape, whose rows the table can identify by the texts of their keys.
   *
   * @param changes where the caller keeps them; {@link #fold} is called before each is added
   */
  NetEffect(TargetTable table, RowShape shape, RowStore changes) {
    this.table = table;
    this.shape = shape;
    this.changes = changes;
  }

  TargetTable table() {
    return table;
  }

  RowShape shape() {
    return shape;
  }

  /**
   * Returns false, and changes nothing, if {@code next} does not follow from the changes so far.
   */
  boolean fold(RowChange next) {
    return next.shape().equals(shape)
        && (index != null || isPlainInsert(next) || indexInserts())
        && (index == null || fold(index, next, changes.size()));
  }

  private static boolean isPlainInsert(RowChange change) {
    return change.operation() == RowChange.Operation.INSERT && !change.isReplacing();
  }

  private boolean indexInserts() {
    KeyIndex keys = new KeyIndex(shape, table.hasIntegerKey(shape));
    for (int number = 0; number < changes.size(); number++) {
      if (!fold(keys, changes.change(number), number)) {
        effects.clear();
        last.clear();
        return false;
      }
    }
    index = keys;
    return true;
  }

  private boolean fold(KeyIndex keys, RowChange change, int number) {
    Integer row = keys.number(change);
    if (row == null) {
      return false;
    }
    if (row == effects.size()) {
      effects.add(RowEffect.of(change));
      last.add(number);
      return true;
    }
    RowEffect effect = effects.get(row).then(change);
    if (effect == null) {
      return false;
    }
    effects.set(row, effect);
    last.set(row, number);
    return true;
  }

  /** The rows to delete, in the order in which they were first changed. */
  StoredRows deletes() {
    return rows(EnumSet.of(RowEffect.DELETED));
  }

  /** The rows to delete that need not exist, in the same order. */
  StoredRows replacements() {
    return rows(EnumSet.of(RowEffect.REPLACED, RowEffect.WRITTEN, RowEffect.ERASED));
  }

  /** The rows to update, with their last values. */
  StoredRows updates() {
    return rows(EnumSet.of(RowEffect.UPDATED));
  }

  /**
   * The rows to insert after {@link #deletes} and {@link #replacements}, with their last values.
   */
  StoredRows inserts() {
    return index == null
        ? new StoredRows(changes, IntStream.range(0, changes.size()).toArray())
        : rows(EnumSet.of(RowEffect.INSERTED, RowEffect.REPLACED, RowEffect.WRITTEN));
  }

  private StoredRows rows(Set<RowEffect> wanted) {
    IntArrayList numbers = new IntArrayList();
    for (int row = 0; row < effects.size(); row++) {
      if (wanted.contains(effects.get(row))) {
        numbers.add(last.get(row));
      }
    }
    return new StoredRows(changes, numbers.toArray());
  }

  /** Approximate heap that the index takes; the changes are not counted. */
  long bytes() {
    return index == null ? 0 : index.bytes();
  }
}

package dev.jlondiste.replica.apply;

import com.carrotsearch.hppc.LongIntHashMap;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.RowShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers the rows of a table by their key. */
final class KeyIndex {
  /** Approximate heap that an entry takes. */
  private static final int INTEGER_BYTES = 24;

  private static final int OTHER_BYTES = 150;

  private final int[] key;
  private final boolean integerKey;
  private final LongIntHashMap numbers = new LongIntHashMap(0);
  private final Map<Object, Integer> others = new HashMap<>();

  /** {@code integerKey}: the key is one whole number, which takes less space as such. */
  KeyIndex(RowShape shape, boolean integerKey) {
    this.key = shape.keyPositions();
    this.integerKey = integerKey;
  }

  /**
   * The number of the row: the one that it has, or the next. Null if a column of the key is NULL,
   * which is equal to nothing, or should be a whole number and is not.
   */
  @Nullable Integer number(RowChange change) {
    if (integerKey) {
      Long number = change.wholeNumber(key[0]);
      return number == null ? null : (Integer) number(number);
    }
    Object row = key.length == 1 ? change.value(key[0]) : parts(change);
    if (row == null) {
      return null;
    }
    Integer next = others.size();
    Integer known = others.putIfAbsent(row, next);
    return known == null ? next : known;
  }

  private int number(long row) {
    int place = numbers.indexOf(row);
    if (numbers.indexExists(place)) {
      return numbers.indexGet(place);
    }
    int next = numbers.size();
    numbers.indexInsert(place, row, next);
    return next;
  }

  private @Nullable List<String> parts(RowChange change) {
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

  /** Approximate heap that it takes. */
  long bytes() {
    return integerKey ? (long) INTEGER_BYTES * numbers.size() : (long) OTHER_BYTES * others.size();
  }
}

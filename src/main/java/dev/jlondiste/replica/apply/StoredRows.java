package dev.jlondiste.replica.apply;

import com.carrotsearch.hppc.sorting.IndirectSort;
import dev.jlondiste.db.CopyRows;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.Row;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Some of the rows of a store, by their numbers. The store has at least one row. */
final class StoredRows implements Rows {
  private final RowStore store;
  private final int[] numbers;

  StoredRows(RowStore store, int[] numbers) {
    this.store = store;
    this.numbers = numbers;
  }

  @Override
  public int size() {
    return numbers.length;
  }

  /** Approximate heap that they take. */
  long bytes() {
    return numbers.length * (store.bytes() / store.size());
  }

  /** Each as the change that the store has of it. */
  Iterable<RowChange> changes() {
    return () -> Arrays.stream(numbers).mapToObj(store::change).iterator();
  }

  @Override
  public void copyTo(CopyRows into, int[] positions) throws SQLException {
    int columns = store.row(numbers[0]).shape().columns().size();
    boolean whole = Arrays.equals(positions, IntStream.range(0, columns).toArray());
    for (int number : numbers) {
      if (whole) {
        store.copyTo(into, number);
      } else {
        Row row = store.row(number);
        for (int position : positions) {
          row.copyTo(into, position);
        }
        into.endRow();
      }
    }
  }

  @Override
  public Rows inOrderOf(int position) {
    long[] keys = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      Long key = store.row(numbers[i]).wholeNumber(position);
      if (key == null) {
        return this;
      }
      keys[i] = key;
    }
    int[] order =
        IndirectSort.mergesort(
            0, keys.length, (left, right) -> Long.compare(keys[left], keys[right]));
    return new StoredRows(store, Arrays.stream(order).map(i -> numbers[i]).toArray());
  }
}

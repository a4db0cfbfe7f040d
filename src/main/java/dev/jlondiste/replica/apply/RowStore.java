package dev.jlondiste.replica.apply;

import dev.jlondiste.db.CopyRows;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.RowShape;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Row changes of one table that wait to be written, in the format in which they are going to be
 * copied, and in a few large arrays: so they take little memory and do not burden the garbage
 * collector. They are numbered from 0. Not thread-safe.
 */
final class RowStore {
  private static final int FIRST_PAGE_BYTES = 1 << 10;
  private static final int MAX_PAGE_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 9;

  /** A row's page, and where it starts and ends there. */
  private static final int PLACE = 3;

  private static final byte[] INSERT = {'I'};
  private static final byte[] UPDATE = {'U'};
  private static final byte[] DELETE = {'D'};
  private static final byte[] REPLACE = {'R'};

  private final CopyRows encoder = new CopyRows(BUFFER_BYTES, this::append);
  private final List<byte[]> pages = new ArrayList<>(List.of(new byte[FIRST_PAGE_BYTES]));
  private final NavigableMap<Integer, RowShape> shapes = new TreeMap<>();
  private RowShape shape = new RowShape(false, List.of(), List.of());
  private byte[] page = pages.get(0);
  private int used;
  private int rowStart;
  private int[] places = new int[PLACE * 8];
  private int size;
  private long bytes = FIRST_PAGE_BYTES;

  /** Stores a copy, which does not record whether the row has moved. */
  void add(RowChange change) throws SQLException {
    if (size == 0 || !change.shape().equals(shape)) {
      shape = change.shape();
      shapes.put(size, shape);
    }
    rowStart = used;
    append(change.isReplacing() ? REPLACE : mark(change.operation()), 0, 1);
    Row row = change.row();
    for (int i = 0; i < shape.columns().size(); i++) {
      row.copyTo(encoder, i);
    }
    encoder.endRow();
    encoder.flush();
    place();
  }

  private static byte[] mark(RowChange.Operation operation) {
    return switch (operation) {
      case INSERT -> INSERT;
      case UPDATE -> UPDATE;
      case DELETE -> DELETE;
    };
  }

  private static RowChange.Operation operation(byte mark) {
    return switch (mark) {
      case 'I' -> RowChange.Operation.INSERT;
      case 'U' -> RowChange.Operation.UPDATE;
      default -> RowChange.Operation.DELETE;
    };
  }

  /** Keeps a row on one page. */
  private void append(byte[] from, int start, int length) {
    if (length > page.length - used) {
      int before = used - rowStart;
      int usual = Math.min(2 * page.length, MAX_PAGE_BYTES);
      byte[] next = new byte[Math.max(usual, Math.multiplyExact(2, before + length))];
      System.arraycopy(page, rowStart, next, 0, before);
      pages.add(next);
      bytes += next.length;
      page = next;
      rowStart = 0;
      used = before;
    }
    System.arraycopy(from, start, page, used, length);
    used += length;
  }

  private void place() {
    if (PLACE * size == places.length) {
      places = Arrays.copyOf(places, 2 * places.length);
    }
    places[PLACE * size] = pages.size() - 1;
    places[PLACE * size + 1] = rowStart;
    places[PLACE * size + 2] = used;
    size++;
  }

  /** Returns the change of this number; later additions do not affect it. */
  RowChange change(int number) {
    byte mark = pages.get(places[PLACE * number])[places[PLACE * number + 1]];
    return mark == REPLACE[0]
        ? RowChange.replacing(row(number))
        : new RowChange(operation(mark), false, row(number));
  }

  /** The row of the change of this number. */
  Row row(int number) {
    return new EncodedRow(
        shapes.floorEntry(number).getValue(),
        pages.get(places[PLACE * number]),
        places[PLACE * number + 1] + 1,
        places[PLACE * number + 2]);
  }

  /** Writes the row of the change of this number, with all its columns. */
  void copyTo(CopyRows rows, int number) throws SQLException {
    int start = places[PLACE * number + 1] + 1;
    rows.encodedRow(pages.get(places[PLACE * number]), start, places[PLACE * number + 2] - start);
  }

  int size() {
    return size;
  }

  /** The size on the heap, in bytes. */
  long bytes() {
    return bytes + 4L * places.length;
  }
}

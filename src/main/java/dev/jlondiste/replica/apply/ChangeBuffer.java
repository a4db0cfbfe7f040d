package dev.jlondiste.replica.apply;

import com.carrotsearch.hppc.IntArrayList;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Row changes that wait to be written together: all of them, and what they come to per table. */
final class ChangeBuffer {
  /** The changes of a table; {@code net} is null when its rows cannot be told apart. */
  private record Part(int number, TargetTable table, RowStore rows, @Nullable NetChanges net) {
    long bytes() {
      return net == null ? rows.bytes() : net.bytes();
    }

    boolean take(RowChange change) throws SQLException {
      if (net != null) {
        return net.take(change);
      }
      rows.add(change);
      return true;
    }
  }

  /** Gets changes in their order. */
  @FunctionalInterface
  interface Receiver {
    void take(TableName table, RowChange change) throws SQLException;
  }

  private final Map<TableName, Part> parts = new HashMap<>();
  private final List<Part> numbered = new ArrayList<>();

  /** The part of each change. */
  private final IntArrayList order = new IntArrayList();

  private long bytes;

  /** False, and nothing is taken, when it does not follow from what is there: write that first. */
  boolean take(TargetTable table, RowChange change) throws SQLException {
    Part part = parts.get(table.name());
    long before = part == null ? 0 : part.bytes();
    if (part == null) {
      part = begin(numbered.size(), table, change);
      parts.put(table.name(), part);
      numbered.add(part);
    } else if (!part.take(change)) {
      return false;
    }
    order.add(part.number());
    bytes += part.bytes() - before;
    return true;
  }

  private static Part begin(int number, TargetTable table, RowChange change) throws SQLException {
    if (table.tellsRowsApart(change.shape())) {
      NetChanges net = new NetChanges(change.shape(), table.hasNumberAsKey(change.shape()));
      if (net.take(change)) {
        return new Part(number, table, net.rows(), net);
      }
    }
    RowStore rows = new RowStore();
    rows.add(change);
    return new Part(number, table, rows, null);
  }

  int size() {
    return order.size();
  }

  /** All changes. */
  void forEach(Receiver receiver) throws SQLException {
    forEach(Set.of(), receiver);
  }

  /** Those of other tables. */
  void forEach(Set<TableName> without, Receiver receiver) throws SQLException {
    int[] next = new int[numbered.size()];
    for (int i = 0; i < order.size(); i++) {
      Part part = numbered.get(order.get(i));
      int number = next[part.number()]++;
      if (!without.contains(part.table().name())) {
        receiver.take(part.table().name(), part.rows().change(number));
      }
    }
  }

  /** All tables that it has changes of. */
  Set<TableName> tables() {
    return parts.keySet();
  }

  /** The same, as they were when their changes were taken. */
  List<TargetTable> targets() {
    return numbered.stream().map(Part::table).toList();
  }

  /** What the changes of those tables come to whose rows can be told apart. */
  Map<TableName, NetChanges> net() {
    Map<TableName, NetChanges> net = new LinkedHashMap<>();
    for (Part part : numbered) {
      if (part.net() != null) {
        net.put(part.table().name(), part.net());
      }
    }
    return net;
  }

  /** About what it takes of the heap. */
  long bytes() {
    return bytes + 4L * order.size();
  }
}

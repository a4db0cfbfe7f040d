package dev.jlondiste.replica.apply;

import com.carrotsearch.hppc.IntArrayList;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Row changes that wait to be written together: all of them in their order, and their net effect
 * per table. Used by one thread at a time.
 */
final class ChangeBuffer {
  /** Receives changes in their order. */
  @FunctionalInterface
  interface Receiver {
    void accept(TableName table, RowChange change) throws SQLException;
  }

  /** The changes of a table; {@code net} is null if its rows cannot be identified. */
  private record Part(int number, TargetTable table, RowStore changes, @Nullable NetEffect net) {
    boolean add(RowChange change) throws SQLException {
      if (net != null && !net.fold(change)) {
        return false;
      }
      changes.add(change);
      return true;
    }

    long bytes() {
      return net == null ? changes.bytes() : changes.bytes() + net.bytes();
    }
  }

  private final Map<TableName, Part> parts = new HashMap<>();
  private final List<Part> numbered = new ArrayList<>();

  /** The number of the part that each change is in. */
  private final IntArrayList order = new IntArrayList();

  private long bytes;

  /**
   * Returns false, and adds nothing, if the change does not follow from those in the buffer: then
   * these have to be written first.
   */
  boolean add(TargetTable table, RowChange change) throws SQLException {
    Part part = parts.get(table.name());
    long before = part == null ? 0 : part.bytes();
    if (part == null) {
      part = begin(numbered.size(), table, change);
      parts.put(table.name(), part);
      numbered.add(part);
    } else if (!part.add(change)) {
      return false;
    }
    order.add(part.number());
    bytes += part.bytes() - before;
    return true;
  }

  private static Part begin(int number, TargetTable table, RowChange change) throws SQLException {
    RowStore changes = new RowStore();
    NetEffect net = null;
    if (table.canIdentifyRows(change.shape())) {
      net = new NetEffect(table, change.shape(), changes);
      if (!net.fold(change)) {
        net = null;
      }
    }
    changes.add(change);
    return new Part(number, table, changes, net);
  }

  boolean isEmpty() {
    return order.isEmpty();
  }

  /** How many changes it has. */
  int size() {
    return order.size();
  }

  /** Approximate heap that it takes. */
  long bytes() {
    return bytes + 4L * order.size();
  }

  Set<TableName> tableNames() {
    return parts.keySet();
  }

  /** The tables, as they were when their first change was added. */
  List<TargetTable> tables() {
    return numbered.stream().map(Part::table).toList();
  }

  /** All changes. */
  void forEach(Receiver receiver) throws SQLException {
    forEach(true, receiver);
  }

  /** The changes of the tables that have no net effect. */
  void forEachUnfolded(Receiver receiver) throws SQLException {
    if (numbered.stream().anyMatch(part -> part.net() == null)) {
      forEach(false, receiver);
    }
  }

  private void forEach(boolean folded, Receiver receiver) throws SQLException {
    int[] next = new int[numbered.size()];
    for (int i = 0; i < order.size(); i++) {
      Part part = numbered.get(order.get(i));
      int number = next[part.number()]++;
      if (folded || part.net() == null) {
        receiver.accept(part.table().name(), part.changes().change(number));
      }
    }
  }

  /** The net effects, one per table whose rows can be identified. */
  List<NetEffect> netEffects() {
    return numbered.stream().map(Part::net).filter(Objects::nonNull).toList();
  }
}

package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Row changes that wait to be written together: all of them, and what they come to per table. */
final class Segment {
  /** One change; of the event only what names it is needed. */
  record Waiting(Event event, TableName table, RowChange change) {}

  private final List<Waiting> all = new ArrayList<>();
  private final Map<TableName, NetChanges> net = new LinkedHashMap<>();
  private final Set<TableName> apart = new HashSet<>();
  private long bytes;

  /** False, and nothing is taken, when it does not follow from what is there: write that first. */
  boolean take(Event event, TargetTable table, RowChange change) {
    NetChanges changes = net.get(table.name());
    if (changes != null) {
      if (!changes.take(change)) {
        return false;
      }
    } else if (!apart.contains(table.name())) {
      NetChanges first = new NetChanges(change.shape(), table.hasNumberAsKey(change.shape()));
      if (table.tellsRowsApart(change.shape()) && first.take(change)) {
        net.put(table.name(), first);
      } else {
        apart.add(table.name());
      }
    }
    all.add(new Waiting(event, table.name(), change));
    bytes += change.bytes();
    return true;
  }

  List<Waiting> all() {
    return all;
  }

  /** All tables that it has changes of. */
  Set<TableName> tables() {
    Set<TableName> tables = new HashSet<>(net.keySet());
    tables.addAll(apart);
    return tables;
  }

  /** What the changes of those tables come to whose rows can be told apart. */
  Map<TableName, NetChanges> net() {
    return net;
  }

  long bytes() {
    return bytes;
  }

  void clear() {
    all.clear();
    net.clear();
    apart.clear();
    bytes = 0;
  }
}

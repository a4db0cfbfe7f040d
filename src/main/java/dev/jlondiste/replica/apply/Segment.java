package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Row changes that wait to be written together: all of them, and what they come to per table. */
final class Segment {
  /** One change; of the event only what names it is needed. */
  record Waiting(Event event, TableName table, RowChange change) {}

  /** A table, with what its changes come to when its rows can be told apart. */
  private record Part(TargetTable table, Optional<NetChanges> net) {}

  private final List<Waiting> all = new ArrayList<>();
  private final Map<TableName, Part> parts = new LinkedHashMap<>();
  private long bytes;

  /** False, and nothing is taken, when it does not follow from what is there: write that first. */
  boolean take(Event event, TargetTable table, RowChange change) {
    Part part = parts.get(table.name());
    if (part == null) {
      parts.put(table.name(), begin(table, change));
    } else if (part.net().isPresent() && !part.net().get().take(change)) {
      return false;
    }
    all.add(new Waiting(event, table.name(), change));
    bytes += change.bytes();
    return true;
  }

  private static Part begin(TargetTable table, RowChange change) {
    if (table.tellsRowsApart(change.shape())) {
      NetChanges net = new NetChanges(change.shape(), table.hasNumberAsKey(change.shape()));
      if (net.take(change)) {
        return new Part(table, Optional.of(net));
      }
    }
    return new Part(table, Optional.empty());
  }

  List<Waiting> all() {
    return all;
  }

  /** All tables that it has changes of. */
  Set<TableName> tables() {
    return parts.keySet();
  }

  /** The same, as they were when their changes were taken. */
  Collection<TargetTable> targets() {
    return parts.values().stream().map(Part::table).toList();
  }

  /** What the changes of those tables come to whose rows can be told apart. */
  Map<TableName, NetChanges> net() {
    Map<TableName, NetChanges> net = new LinkedHashMap<>();
    parts.forEach((name, part) -> part.net().ifPresent(changes -> net.put(name, changes)));
    return net;
  }

  long bytes() {
    return bytes;
  }
}

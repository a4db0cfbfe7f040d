package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.takeover.SequencePositions.Position;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds sequences that cannot continue on the new root as they would on the old one. */
final class SequenceObstacles {
  private final List<String> found = new ArrayList<>();

  private SequenceObstacles() {}

  static List<String> find(Connection oldRoot, Connection newRoot, List<TableName> sequences)
      throws SQLException {
    Map<TableName, SequenceSettings> before = SequenceSettings.read(oldRoot, sequences);
    Map<TableName, SequenceSettings> after = SequenceSettings.read(newRoot, sequences);
    SequenceObstacles obstacles = new SequenceObstacles();
    for (TableName name : sequences) {
      obstacles.requireExists(name, before, "old");
      obstacles.requireExists(name, after, "new");
    }
    for (Position position : SequencePositions.read(oldRoot, List.copyOf(before.keySet()))) {
      SequenceSettings there = before.get(position.sequence());
      SequenceSettings here = after.get(position.sequence());
      if (there != null && here != null) {
        obstacles.compare(position, there, here);
        obstacles.requireAccess(position.sequence(), here);
      }
    }
    return obstacles.found;
  }

  private void requireExists(
      TableName name, Map<TableName, SequenceSettings> settings, String root) {
    if (!settings.containsKey(name)) {
      found.add(name + ": does not exist on the " + root + " root");
    }
  }

  private void compare(Position position, SequenceSettings there, SequenceSettings here) {
    TableName name = position.sequence();
    if (!here.holds(position.lastValue())) {
      found.add(
          "%s: is at %d on the old root, but holds %s on the new root"
              .formatted(name, position.lastValue(), here.bounds()));
    } else if (!there.bounds().equals(here.bounds())) {
      found.add(
          "%s: holds %s on the old root, but %s on the new root"
              .formatted(name, there.bounds(), here.bounds()));
    }
    if (there.increment() != here.increment()) {
      found.add(
          "%s: increment is %d on the old root, but %d on the new root"
              .formatted(name, there.increment(), here.increment()));
    }
    if (there.cycles() != here.cycles()) {
      found.add(
          "%s: %s on the old root, but %s on the new root"
              .formatted(name, cycle(there), cycle(here)));
    }
  }

  private void requireAccess(TableName name, SequenceSettings here) {
    if (here.access() == SequenceSettings.Access.NONE) {
      found.add(name + ": the new root does not permit this user to set it");
    } else if (!here.isCacheSafe()) {
      found.add(
          name
              + ": has cache "
              + here.cache()
              + " on the new root, and only its owner can discard the values that sessions have"
              + " cached");
    }
  }

  private static String cycle(SequenceSettings settings) {
    return settings.cycles() ? "cycle" : "no cycle";
  }
}

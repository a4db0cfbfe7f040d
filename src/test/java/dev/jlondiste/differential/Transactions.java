package dev.jlondiste.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The transactions of one side, so that their ids can be compared with those of the other: an id
 * becomes the step that first had it, a snapshot becomes what it sees of them. Transactions of other
 * databases are in the server's snapshots as well, and are left out; so are those that only one side
 * needed an id for.
 */
final class Transactions {
  private final TreeMap<Long, Integer> steps = new TreeMap<>();
  private Transactions others = this;

  /** Introduces the two sides. */
  static void know(Transactions left, Transactions right) {
    left.others = right;
    right.others = left;
  }

  void add(long id, int step) {
    steps.putIfAbsent(id, step);
  }

  String name(String id) {
    Integer step = steps.get(Long.valueOf(id));
    return step == null ? "an older transaction" : "T" + (step + 1);
  }

  /** {@code xmin:xmax:running,...}: bounds are told by the last transaction before them. */
  String snapshot(String text) {
    String[] parts = text.split(":", -1);
    List<String> running = new ArrayList<>();
    if (!parts[2].isEmpty()) {
      for (String id : parts[2].split(",")) {
        Integer step = steps.get(Long.valueOf(id));
        if (step != null && others.steps.containsValue(step)) {
          running.add("T" + (step + 1));
        }
      }
    }
    return "after %s, up to %s, without %s".formatted(before(parts[0]), before(parts[1]), running);
  }

  private String before(String id) {
    SortedMap<Long, Integer> earlier = steps.headMap(Long.valueOf(id));
    return earlier.values().stream()
        .filter(others.steps::containsValue)
        .max(Integer::compare)
        .map(step -> "T" + (step + 1))
        .orElse("none");
  }
}

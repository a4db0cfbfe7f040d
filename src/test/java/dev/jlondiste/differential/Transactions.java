package dev.jlondiste.differential;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The transactions of one side, so that their ids can be compared with those of the other: an id
 * becomes the step that first had it, a snapshot becomes what it sees of them. Transactions of
 * other databases are in the server's snapshots as well, and are left out.
 */
final class Transactions {
  private final TreeMap<Long, String> names = new TreeMap<>();

  void add(long id, int step) {
    names.putIfAbsent(id, "T" + step);
  }

  String name(String id) {
    return names.getOrDefault(Long.parseLong(id), "an older transaction");
  }

  /** {@code xmin:xmax:running,...}: bounds are told by the last transaction before them. */
  String snapshot(String text) {
    String[] parts = text.split(":", -1);
    String running =
        parts[2].isEmpty()
            ? ""
            : Arrays.stream(parts[2].split(","))
                .map(id -> names.get(Long.valueOf(id)))
                .filter(name -> name != null)
                .collect(Collectors.joining(","));
    return "after " + before(parts[0]) + ", up to " + before(parts[1]) + ", without " + running;
  }

  private String before(String id) {
    Map.Entry<Long, String> last = names.lowerEntry(Long.valueOf(id));
    return last == null ? "none" : last.getValue();
  }
}

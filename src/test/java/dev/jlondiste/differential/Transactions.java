package dev.jlondiste.differential;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The transactions of one side, so that their ids can be compared with those of the other: an id
 * becomes the first step of the transaction, a snapshot becomes what it sees of them. Transactions
 * of other databases are in the server's snapshots as well, and are left out; so are those that
 * only one side needed an id for. Which of them got its id first is not compared: ours needs one
 * for an insert that is then refused.
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

  /** {@code xmin:xmax:running,...}: which of the transactions it sees. */
  String snapshot(String text) {
    String[] parts = text.split(":", -1);
    Set<Long> running =
        Arrays.stream(parts[2].split(","))
            .filter(id -> !id.isEmpty())
            .map(Long::valueOf)
            .collect(Collectors.toSet());
    return steps.headMap(Long.valueOf(parts[1])).entrySet().stream()
        .filter(
            seen -> !running.contains(seen.getKey()) && others.steps.containsValue(seen.getValue()))
        .map(Map.Entry::getValue)
        .sorted()
        .map(step -> "T" + (step + 1))
        .collect(Collectors.joining(", ", "sees ", ""));
  }
}

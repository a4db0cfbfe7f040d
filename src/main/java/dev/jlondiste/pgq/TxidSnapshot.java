package dev.jlondiste.pgq;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which transactions a reader sees: PostgreSQL's {@code txid_snapshot}, text form {@code
 * xmin:xmax:running,running}. Only comparable with transactions of the database it was taken in.
 */
public record TxidSnapshot(long xmin, long xmax, Set<Long> running) {
  /** Reads the text form. */
  public static TxidSnapshot parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a txid_snapshot: '" + text + "'");
    }
    Set<Long> running =
        Stream.of(parts[2].split(","))
            .filter(id -> !id.isEmpty())
            .map(Long::valueOf)
            .collect(Collectors.toUnmodifiableSet());
    return new TxidSnapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
  }

  /** True when the transaction had ended when this snapshot was taken. */
  public boolean sees(long txid) {
    return txid < xmax && !running.contains(txid);
  }

  /** Those that were running, from this one on; in order. */
  Set<Long> runningFrom(long txid) {
    return running.stream()
        .filter(other -> other >= txid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those that were running, and had ended when {@code later} was taken; in order. */
  Set<Long> endedUntil(TxidSnapshot later) {
    return running.stream().filter(later::sees).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The text form, running transactions in order. */
  public String text() {
    return running.stream()
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(",", xmin + ":" + xmax + ":", ""));
  }

  /** True when every transaction seen here is also seen by {@code later}. */
  public boolean isCoveredBy(TxidSnapshot later) {
    return xmax <= later.xmax && later.running.stream().noneMatch(this::sees);
  }
}

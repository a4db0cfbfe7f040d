package dev.jlondiste.pgq;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PostgreSQL's {@code txid_snapshot}, with the text format {@code xmin:xmax:running,running}. It
 * can be compared only with transaction ids of the same database.
 */
public record TxidSnapshot(long xmin, long xmax, Set<Long> running) {
  /** Parses the text format. */
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

  /** True if the transaction had ended when the snapshot was taken. */
  public boolean sees(long txid) {
    return txid < xmax && !running.contains(txid);
  }

  /** Returns the running transactions with an id of at least {@code txid}, in order. */
  Set<Long> runningFrom(long txid) {
    return running.stream()
        .filter(other -> other >= txid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the running transactions that had ended when {@code later} was taken, in order. */
  Set<Long> endedUntil(TxidSnapshot later) {
    return running.stream().filter(later::sees).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the text format, with the running transactions in order. */
  public String text() {
    return running.stream()
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(",", xmin + ":" + xmax + ":", ""));
  }

  /** True if {@code later} sees every transaction that this snapshot sees. */
  public boolean isCoveredBy(TxidSnapshot later) {
    return xmax <= later.xmax && later.running.stream().noneMatch(this::sees);
  }
}

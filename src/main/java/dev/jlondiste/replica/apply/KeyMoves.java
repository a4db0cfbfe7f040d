package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way from one key to another, of tables where triggers work. To delete such a row
 * and to insert it again would make foreign keys delete or change what refers to it, while on the
 * source nothing happened to that. So they are written as the updates that they were.
 *
 * <p>A row may leave a key to another row, and what refers to the key stays: then both have to be
 * written by one statement, as they were on the source. So moves of a transaction in a table that
 * follow each other are collected.
 */
final class KeyMoves {
  /** So many are enough for a statement, unless one of them takes another's key. */
  private static final int ENOUGH = 100;

  /** A row, as it was under its old key, and as it is under its new one. */
  record Move(Event event, TableName table, RowChange from, RowChange to) {}

  /** A row that has left its key, and whose new one is not known yet. */
  private record Left(Event event, TableName table, RowChange from) {}

  /**
   * A transaction moves one row at a time. But on a branch's queue all events of a batch have the
   * transaction that has copied them: there, rows may be taken for each other. Each gets all its
   * values when it arrives, so that the table has the right ones in the end nevertheless.
   */
  private final List<Left> underWay = new ArrayList<>();

  private final List<Move> waiting = new ArrayList<>();
  private final Set<List<@Nullable String>> left = new HashSet<>();
  private final Set<List<@Nullable String>> taken = new HashSet<>();
  private long bytes;

  /** The row has no key until {@link #arrive}. */
  void leave(Event event, TableName table, RowChange from) {
    underWay.add(new Left(event, table, from));
  }

  /** The row that now is {@code to}; empty when that is a new one. */
  Optional<Move> arrive(Event event, TableName table, RowChange to) {
    for (Left row : underWay) {
      if (row.event().txid() == event.txid() && row.table().equals(table)) {
        underWay.remove(row);
        return Optional.of(new Move(event, table, row.from(), to));
      }
    }
    return Optional.empty();
  }

  /**
   * False, and nothing is taken, when those that wait have to be written first. A row that moves
   * twice does so in two statements: the second has to see the first.
   */
  boolean take(Move move) {
    List<@Nullable String> from = key(move.from());
    List<@Nullable String> to = key(move.to());
    if (!waiting.isEmpty()
        && (waiting.get(0).event().txid() != move.event().txid()
            || !waiting.get(0).table().equals(move.table())
            || taken.contains(from)
            || ((waiting.size() >= ENOUGH || bytes >= ApplyLimits.MUCH_BYTES)
                && !left.contains(to)))) {
      return false;
    }
    waiting.add(move);
    left.add(from);
    taken.add(to);
    bytes += move.to().bytes();
    return true;
  }

  private static List<@Nullable String> key(RowChange change) {
    List<@Nullable String> key = new ArrayList<>();
    for (int position : change.shape().keyPositions()) {
      key.add(position < 0 ? null : change.value(position));
    }
    return key;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * To be called when there are no more events.
   *
   * @throws IllegalStateException when a row has not arrived
   */
  void end() {
    if (!underWay.isEmpty()) {
      Left row = underWay.get(0);
      throw new IllegalStateException(
          "[ev_id=%d,ev_txid=%d] a row of %s left its key, and no INSERT of the transaction has its new one"
              .formatted(row.event().id(), row.event().txid(), row.table().full()));
    }
  }

  /** Those that wait, in their order; none does afterwards. */
  List<Move> takeAll() {
    List<Move> all = List.copyOf(waiting);
    waiting.clear();
    left.clear();
    taken.clear();
    bytes = 0;
    return all;
  }
}

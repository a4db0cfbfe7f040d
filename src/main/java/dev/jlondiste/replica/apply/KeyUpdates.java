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
 * Buffers updates of keys, which are captured as a DELETE and an INSERT, of tables with triggers
 * that fire. To delete such a row and to insert it again would make foreign keys delete or change
 * the rows that refer to it, while on the source nothing happened to those. So these rows are
 * written as the updates that they were.
 *
 * <p>A row may leave its key to another row, and the rows that refer to the key stay: then both
 * have to be written by one statement, as they were on the source. So key updates of a transaction
 * in one table that follow each other are collected.
 */
final class KeyUpdates {
  /** Enough for one statement, unless a row takes another's key. */
  private static final int MAX_UPDATES = 100;

  /** A row as it was with its old key, and as it is with its new one. */
  record KeyUpdate(Event event, TableName table, RowChange from, RowChange to) {}

  /** A row whose new key is not known yet. */
  private record OldRow(Event event, TableName table, RowChange row) {}

  /**
   * Rows that wait for their new key. The list is empty at the end of a batch. On the queue of a
   * branch all events of a batch have the transaction id of the worker that copied them, so rows
   * may be matched with the new key of another row. The table is correct at the end anyway, because
   * each row takes all its values from the INSERT.
   */
  private final List<OldRow> incomplete = new ArrayList<>();

  private final List<KeyUpdate> waiting = new ArrayList<>();
  private final Set<List<@Nullable String>> oldKeys = new HashSet<>();
  private final Set<List<@Nullable String>> newKeys = new HashSet<>();
  private long bytes;

  /** A row loses its key until {@link #complete} finds its new one. */
  void begin(Event event, TableName table, RowChange row) {
    incomplete.add(new OldRow(event, table, row));
  }

  /** The key update whose new row is {@code to}; empty if it is an ordinary INSERT. */
  Optional<KeyUpdate> complete(Event event, TableName table, RowChange to) {
    for (OldRow old : incomplete) {
      if (old.event().txid() == event.txid() && old.table().equals(table)) {
        incomplete.remove(old);
        return Optional.of(new KeyUpdate(event, table, old.row(), to));
      }
    }
    return Optional.empty();
  }

  /**
   * Returns false, and adds nothing, if the collected updates have to be written first. The key of
   * a row that is updated twice needs two statements: the second has to see the first.
   */
  boolean add(KeyUpdate update) {
    List<@Nullable String> from = key(update.from());
    List<@Nullable String> to = key(update.to());
    if (!waiting.isEmpty()
        && (waiting.get(0).event().txid() != update.event().txid()
            || !waiting.get(0).table().equals(update.table())
            || newKeys.contains(from)
            || ((waiting.size() >= MAX_UPDATES || bytes >= ApplyLimits.MIN_COPY_BYTES)
                && !oldKeys.contains(to)))) {
      return false;
    }
    waiting.add(update);
    oldKeys.add(from);
    newKeys.add(to);
    bytes += update.to().bytes();
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
   * To be called after the last event.
   *
   * @throws IllegalStateException if a row still has no new key
   */
  void requireComplete() {
    if (!incomplete.isEmpty()) {
      OldRow old = incomplete.get(0);
      throw new IllegalStateException(
          "[ev_id=%d,ev_txid=%d] a row of %s left its key, and no INSERT of the transaction has its new one"
              .formatted(old.event().id(), old.event().txid(), old.table().full()));
    }
  }

  /** Removes and returns the collected updates in their order. */
  List<KeyUpdate> takeAll() {
    List<KeyUpdate> all = List.copyOf(waiting);
    waiting.clear();
    oldKeys.clear();
    newKeys.clear();
    bytes = 0;
    return all;
  }
}

package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * The mark of a table whose events were skipped: a fault of kind {@code skipped}. The caller owns
 * the transaction, in which the position of the node is locked.
 *
 * <p>The mark ends with a resync, with a repair ({@link #repaired}), and with the last dead letter
 * that was applied, unless the letters alone do not bring the table in order: an event was
 * discarded, or later events of its row may have been applied before it.
 */
public final class SkipMark {
  private static final String REPAIR = "repair";
  private static final String LETTERS = "letters";
  private static final String TICK = "tick";

  private static final String STORE =
      """
      insert into londiste.table_fault
             (queue_name, table_name, kind, message, attempts, fault_attrs)
      select queue_name, table_name, 'skipped', ?, ?, ?
        from londiste.table_info
       where queue_name = ? and table_name = ? and local
          on conflict (queue_name, table_name, kind) do update
         set message = excluded.message,
             attempts = table_fault.attempts + excluded.attempts,
             last_seen = case when excluded.attempts > 0
                              then excluded.last_seen else table_fault.last_seen end,
             fault_attrs = excluded.fault_attrs
      """;

  private SkipMark() {}

  /** Returns the mark of the table; empty if no event of it was skipped. */
  public static Optional<TableFault> find(Connection local, String queue, TableName table)
      throws SQLException {
    return TableFaults.find(local, queue, table, TableFault.Kind.SKIPPED);
  }

  /**
   * Marks the table, or counts further events. Call it when the letters are stored.
   *
   * @param events the number of events that were skipped
   * @param message the error of the last one
   * @param tick the end of their batch
   * @param repair true if letters alone do not bring the table in order
   */
  static void add(
      Connection local,
      String queue,
      TableName table,
      int events,
      String message,
      long tick,
      boolean repair)
      throws SQLException {
    boolean before = find(local, queue, table).filter(SkipMark::needsRepair).isPresent();
    store(local, queue, table, events, message, tick, repair || before);
  }

  /**
   * Updates the mark when letters of the table were applied or purged, or an event has made their
   * order uncertain; ends it if the table is in order.
   *
   * @param repair true if letters alone do not bring the table in order
   */
  public static void update(Connection local, String queue, TableName table, boolean repair)
      throws SQLException {
    Optional<TableFault> mark = find(local, queue, table);
    if (mark.isEmpty()) {
      return;
    }
    boolean mustRepair = repair || needsRepair(mark.get());
    if (!mustRepair && DeadLetters.count(local, queue, table) == 0) {
      clear(local, queue, table);
    } else {
      store(local, queue, table, 0, mark.get().message(), tick(mark.get()), mustRepair);
    }
  }

  /** Ends the mark: the table has the rows of its provider. */
  static void clear(Connection local, String queue, TableName table) throws SQLException {
    TableFaults.clear(local, queue, table, TableFault.Kind.SKIPPED);
  }

  /**
   * Ends the mark and deletes the letters of a table that was found equal to its provider's, or was
   * made so, as both were at {@code tick}. Does nothing if an event after that tick was skipped.
   *
   * @param tick a tick that this node had completed then
   * @return false if the table stays marked
   */
  public static boolean repaired(Connection local, String queue, TableName table, long tick)
      throws SQLException {
    Optional<TableFault> mark = find(local, queue, table);
    if (mark.filter(found -> tick(found) > tick).isPresent()) {
      return false;
    }
    if (mark.isPresent()) {
      DeadLetters.deleteAll(local, queue, table);
      clear(local, queue, table);
    }
    return true;
  }

  private static void store(
      Connection local,
      String queue,
      TableName table,
      int events,
      String message,
      long tick,
      boolean repair)
      throws SQLException {
    Map<String, String> attributes =
        Map.of(
            LETTERS, String.valueOf(DeadLetters.count(local, queue, table)),
            TICK, String.valueOf(tick),
            REPAIR, repair ? "1" : "0");
    Sql.run(local, STORE, message, events, UrlEncoding.encode(attributes), queue, table.full());
  }

  /** True if letters alone do not bring the table in order. */
  static boolean needsRepair(TableFault mark) {
    return "1".equals(mark.attributes().get(REPAIR));
  }

  private static long tick(TableFault mark) {
    return Long.parseLong(mark.attributes().getOrDefault(TICK, "0"));
  }

  /** How many events were skipped, and what ends the mark. */
  static String describe(TableFault mark) {
    String letters = mark.attributes().getOrDefault(LETTERS, "0");
    String events = mark.attempts() == 1 ? "1 event" : mark.attempts() + " events";
    return "%s skipped, %s of them in dead-letters, differs until %s: %s"
        .formatted(events, letters, remedy(mark), mark.summary());
  }

  /** The commands that end the mark. */
  public static String remedy(TableFault mark) {
    return remedy(mark.table(), needsRepair(mark));
  }

  /** As above; {@code repair} is true if letters alone do not bring the table in order. */
  static String remedy(TableName table, boolean repair) {
    String copies = "'repair --apply %1$s' or 'resync %1$s'".formatted(table);
    return repair ? copies : "'dead-letters --retry %s', %s".formatted(table, copies);
  }
}

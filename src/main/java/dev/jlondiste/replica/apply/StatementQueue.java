package dev.jlondiste.replica.apply;

import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that wait to be sent to the target, many at a time, in order. In careful mode each is
 * sent alone, so that a failure names its event. Belongs to one transaction.
 */
final class StatementQueue {
  private final Connection local;
  private final ApplyLimits limits;
  private final List<String> waiting = new ArrayList<>();
  private final List<Boolean> mustAffectOne = new ArrayList<>();
  private long bytes;
  private long missed;

  StatementQueue(Connection local, ApplyLimits limits) {
    this.local = local;
    this.limits = limits;
  }

  /** As {@link #add(String, boolean, Event, RowChange)}, if a failure need not name the event. */
  void add(String sql, boolean mustAffectOne) throws SQLException {
    waiting.add(sql);
    this.mustAffectOne.add(mustAffectOne);
    bytes += sql.length();
    if (waiting.size() >= limits.statements() || bytes >= limits.bytes()) {
      flush();
    }
  }

  /** {@code mustAffectOne}: an update or delete that finds no row is counted as missed. */
  void add(String sql, boolean mustAffectOne, Event event, @Nullable RowChange row)
      throws SQLException {
    try {
      add(sql, mustAffectOne);
    } catch (SQLException e) {
      throw limits.careful() ? RefusedEvent.of(event, row, e) : e;
    }
  }

  void flush() throws SQLException {
    if (waiting.isEmpty()) {
      return;
    }
    try (Statement statement = local.createStatement()) {
      for (String sql : waiting) {
        statement.addBatch(sql);
      }
      count(statement.executeBatch());
    } catch (BatchUpdateException e) {
      // The driver's error repeats the whole statement; the server's is inside it.
      SQLException cause = e.getNextException();
      throw cause == null ? e : cause;
    } finally {
      waiting.clear();
      mustAffectOne.clear();
      bytes = 0;
    }
  }

  /** This many rows of a bulk update or delete were not found. */
  void addMissed(long rows) {
    missed += rows;
  }

  /**
   * Must be called after a rollback to a point at which the queue was empty and {@code
   * missedBefore} rows were missed.
   */
  void forget(long missedBefore) {
    waiting.clear();
    mustAffectOne.clear();
    bytes = 0;
    missed = missedBefore;
  }

  /** Updates and deletes that found no row. */
  long missed() {
    return missed;
  }

  private void count(int[] affected) {
    for (int i = 0; i < affected.length; i++) {
      if (affected[i] == 0 && mustAffectOne.get(i)) {
        missed++;
      }
    }
  }
}

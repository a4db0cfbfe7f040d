package dev.jlondiste.replica.apply;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Arrival;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes row events to local tables with the same result as in the order of the events. Where many
 * wait, only what they come to is written, in sets; when the server refuses that, they are played
 * one by one. Belongs to one transaction.
 */
public final class RowApplier {
  private static final Logger log = LoggerFactory.getLogger(RowApplier.class);

  private final Connection local;
  private final TargetTables tables;
  private final StatementQueue queue;
  private final ApplyLimits limits;
  private final Segment segment = new Segment();
  private final SetWriter sets;

  /** {@code careful}: send statements one by one, so that a failure names its event. */
  public RowApplier(Connection local, TargetTables tables, NodeSettings settings, boolean careful) {
    this(local, tables, ApplyLimits.of(settings, careful));
  }

  RowApplier(Connection local, TargetTables tables, ApplyLimits limits) {
    this.local = local;
    this.tables = tables;
    this.limits = limits;
    this.queue = new StatementQueue(local, limits);
    this.sets = new SetWriter(local, tables, queue, limits.rows());
  }

  /** {@code table} is the local table, which may be named otherwise than the event says. */
  public void apply(Arrival arrival, TableName table) throws SQLException {
    Event event = arrival.event();
    if (event.type().length() == 1) {
      writeSegment();
      String fragment =
          tables.statements(table, local).ofFragment(event.type(), event.requiredData());
      queue.add(fragment, !event.type().equals("I"), event);
      return;
    }
    RowChange change = arrival.row() == null ? RowChangeReader.read(event) : arrival.row();
    if (!limits.sets()) {
      play(change, table, event);
      return;
    }
    TargetTable target = tables.table(table, local);
    Event name = event.data() == null ? event : event.withData(null);
    if (!segment.take(name, target, change)) {
      writeSegment();
      segment.take(name, target, change);
    }
    if (segment.bytes() >= limits.bytes()) {
      writeSegment();
    }
  }

  private void play(RowChange change, TableName table, Event event) throws SQLException {
    if (change.isLarge() && sets.writeLarge(change, tables.table(table, local))) {
      return;
    }
    queue.add(
        tables.statements(table, local).of(change),
        change.operation() != RowChange.Operation.INSERT,
        event);
  }

  private void writeSegment() throws SQLException {
    if (segment.all().size() <= limits.few() || tables.areObserved(segment.tables(), local)) {
      playSegment();
    } else {
      writeSets();
    }
    segment.clear();
  }

  private void playSegment() throws SQLException {
    for (Segment.Waiting next : segment.all()) {
      play(next.change(), next.table(), next.event());
    }
  }

  private void writeSets() throws SQLException {
    queue.flush();
    long missedBefore = queue.missed();
    Savepoint before = local.setSavepoint();
    try {
      sets.write(segment);
      local.releaseSavepoint(before);
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      log.info(
          "{} changes cannot be written as a set, going on one by one: {}",
          segment.all().size(),
          e.getMessage());
      local.rollback(before);
      queue.forget(missedBefore);
      sets.forget();
      tables.forget(); // they may have changed
      playSegment();
    }
  }

  /**
   * Cascades, as the reference does: a referencing table cannot keep rows that refer to nothing.
   */
  public void truncate(Event event, TableName table) throws SQLException {
    writeSegment();
    queue.add("truncate " + table.quoted() + " cascade", false, event);
  }

  /** To be called before anything else is done in the transaction, and at its end. */
  public void flush() throws SQLException {
    writeSegment();
    queue.flush();
  }

  /** Updates and deletes that found no row: a sign that the table differs from the provider's. */
  public long missed() {
    return queue.missed();
  }
}

package dev.jlondiste.replica.apply;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.FragmentFormat;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes row events to local tables with the same result as in the order of the events. Where many
 * wait, only what they come to is written, in sets, while the next are collected. Belongs to one
 * transaction, and from the first event on has its connection for itself, until {@link #flush} or
 * {@link #await} returns.
 */
public final class RowApplier implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RowApplier.class);

  /** So few that there is something to write soon. */
  private static final int FIRST_CHANGES = 4_000;

  /** So many that writing them as a set is worthwhile. */
  private static final int WORTHWHILE_CHANGES = 15_000;

  private final Connection local;
  private final TargetTables tables;
  private final ApplyLimits limits;
  private final BufferWriter writer;
  private final BackgroundWriter behind = new BackgroundWriter();
  private final Map<TableName, TargetTable> targets = new HashMap<>();
  private final KeyMoves moves = new KeyMoves();
  private final Map<TableName, Boolean> tellingMoves = new HashMap<>();
  private final Truncates truncates = new Truncates();
  private ChangeBuffer segment = new ChangeBuffer();

  /** Changes of a segment that is written when nothing else is. */
  private int enough = FIRST_CHANGES;

  /** {@code careful}: send statements one by one, so that a failure names its event. */
  public RowApplier(Connection local, TargetTables tables, NodeSettings settings, boolean careful) {
    this(local, tables, ApplyLimits.of(settings, careful));
  }

  RowApplier(Connection local, TargetTables tables, ApplyLimits limits) {
    this.local = local;
    this.tables = tables;
    this.limits = limits;
    this.writer = new BufferWriter(local, tables, limits);
  }

  /** {@code table} is the local table, which may be named otherwise than the event says. */
  public void apply(DecodedEvent arrival, TableName table) throws SQLException {
    Event event = arrival.readable();
    writeTruncates();
    if (FragmentFormat.recognizes(event.type())) {
      writeMoves();
      writeSegment();
      writer.playFragment(event, table);
      return;
    }
    RowChange change = arrival.row() == null ? RowChangeReader.read(event) : arrival.row();
    if (!moves(change, table, event)) {
      writeMoves();
      apply(change, table, event);
    }
  }

  /** False when it has nothing to do with a row that gets another key, or nobody would mind. */
  private boolean moves(RowChange change, TableName table, Event event) throws SQLException {
    if (change.isMoved() && mustPreserveKeyUpdates(table)) {
      moves.leave(event, table, change);
      return true;
    }
    Optional<KeyMoves.Move> move =
        change.operation() == RowChange.Operation.INSERT
            ? moves.arrive(event, table, change)
            : Optional.empty();
    if (move.isEmpty()) {
      return false;
    }
    if (!moves.take(move.get())) {
      writeMoves();
      moves.take(move.get());
    }
    return true;
  }

  private boolean mustPreserveKeyUpdates(TableName table) throws SQLException {
    Boolean tells = tellingMoves.get(table);
    if (tells == null) {
      behind.await();
      tells = tables.mustPreserveKeyUpdates(table, local);
      tellingMoves.put(table, tells);
    }
    return tells;
  }

  private void writeMoves() throws SQLException {
    if (!moves.isEmpty()) {
      writeSegment();
      writer.move(moves.takeAll());
    }
  }

  private void writeTruncates() throws SQLException {
    if (!truncates.isEmpty()) {
      writer.write(truncates);
    }
  }

  private void apply(RowChange change, TableName table, Event event) throws SQLException {
    if (!limits.sets()) {
      writer.play(change, table, event);
      return;
    }
    if (change.isRaw()) {
      writeSegment();
      writer.play(change, table, event);
      return;
    }
    if (change.isLarge()) {
      writeSegment();
      writer.play(change, table, event);
      return;
    }
    TargetTable target = target(table);
    if (!segment.take(target, change)) {
      writeBehind();
      segment.take(target, change);
    }
    if (segment.bytes() >= limits.bytes() || (segment.size() >= enough && behind.isIdle())) {
      enough = WORTHWHILE_CHANGES;
      writeBehind();
    }
  }

  private TargetTable target(TableName name) throws SQLException {
    TargetTable known = targets.get(name);
    if (known == null) {
      behind.await();
      known = tables.table(name, local);
      targets.put(name, known);
    }
    return known;
  }

  private void writeBehind() throws SQLException {
    if (limits.isLittle(segment)) {
      writeSegment();
      return;
    }
    ChangeBuffer full = segment;
    segment = new ChangeBuffer();
    behind.start(() -> writer.write(full));
  }

  private void writeSegment() throws SQLException {
    behind.await();
    writer.write(segment);
    segment = new ChangeBuffer();
  }

  /** Empties the table, and no other. */
  public void truncate(Event event, TableName table) throws SQLException {
    writeMoves();
    writeSegment();
    truncates.add(event, table);
  }

  /**
   * Everything is written when it returns, except a row between its two keys. What is known of the
   * tables is asked anew.
   */
  public void flush() throws SQLException {
    writeTruncates();
    writeMoves();
    writeSegment();
    writer.flush();
    targets.clear();
    tellingMoves.clear();
  }

  /** As {@link #flush}, after the last event. */
  public void finish() throws SQLException {
    moves.end();
    flush();
  }

  /**
   * Nothing is being written when it returns, so that the connection can be used for something
   * else; not everything needs to be written. Throws what has become of it.
   */
  public void await() throws SQLException {
    behind.await();
  }

  /** As {@link #await}, before a roll-back. */
  @Override
  public void close() {
    try {
      behind.await();
    } catch (SQLException | RuntimeException e) {
      log.debug("what was being written has failed, too", e);
    }
  }

  /** Updates and deletes that found no row: a sign that the table differs from the provider's. */
  public long missed() {
    return writer.missed();
  }
}

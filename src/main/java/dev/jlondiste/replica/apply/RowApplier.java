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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of tables to local tables, with the same result as in the order of the events,
 * in the three stages that the package description explains: buffer, net effect, write. Belongs to
 * one transaction. From the first event on it has the connection for itself, until {@link #flush}
 * or {@link #await} returns.
 */
public final class RowApplier implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RowApplier.class);

  /** The first buffer is written early, so that the target has work soon. */
  private static final int FIRST_CHANGES = 4_000;

  /** A buffer of this many changes is worth writing in bulk. */
  private static final int WORTHWHILE_CHANGES = 15_000;

  private final Connection local;
  private final TargetTables tables;
  private final ApplyLimits limits;

  // Stage 1, and with it stage 2: what waits to be written, in this order.
  private ChangeBuffer buffer = new ChangeBuffer();
  private final KeyUpdates keyUpdates = new KeyUpdates();
  private final Map<TableName, Event> truncates = new LinkedHashMap<>();

  // Stage 3: the writers, and the thread in which a buffer is written while the next one is filled.
  private final StatementQueue queue;
  private final BulkWriter bulkWriter;
  private final SingleWriter singleWriter;
  private final BufferWriter bufferWriter;
  private final TruncateWriter truncateWriter;
  private final BackgroundWriter background = new BackgroundWriter();

  private final Map<TableName, TargetTable> targets = new HashMap<>();
  private final Map<TableName, Boolean> preserveKeyUpdates = new HashMap<>();

  /** From this many changes on, a buffer is written as soon as the background is idle. */
  private int enoughChanges = FIRST_CHANGES;

  /** {@code careful}: send statements one by one, so that a failure names its event. */
  public RowApplier(Connection local, TargetTables tables, NodeSettings settings, boolean careful) {
    this(local, tables, ApplyLimits.of(settings, careful));
  }

  RowApplier(Connection local, TargetTables tables, ApplyLimits limits) {
    this.local = local;
    this.tables = tables;
    this.limits = limits;
    this.queue = new StatementQueue(local, limits);
    this.bulkWriter = new BulkWriter(local, tables, queue, limits);
    this.singleWriter = new SingleWriter(local, tables, queue, limits, bulkWriter);
    this.bufferWriter = new BufferWriter(local, tables, queue, limits, bulkWriter, singleWriter);
    this.truncateWriter = new TruncateWriter(local, tables, queue, limits);
  }

  /** {@code table} is the local table, which may have another name than in the event. */
  public void apply(DecodedEvent decoded, TableName table) throws SQLException {
    apply(decoded, table, ComputedColumns.NONE, limits.sets());
  }

  /** The same, with further columns that are computed from those of the row. */
  public void apply(DecodedEvent decoded, TableName table, ComputedColumns computed)
      throws SQLException {
    apply(decoded, table, computed, limits.sets());
  }

  /** The same, with the net effect of many changes, whatever {@code apply_sets} is. */
  public void applyInBulk(DecodedEvent decoded, TableName table) throws SQLException {
    apply(decoded, table, ComputedColumns.NONE, !limits.careful());
  }

  /** Has the temporary tables with changes of this table analyzed, before they are used. */
  public void analyzeStages(TableName table) {
    bulkWriter.analyzeStages(table);
  }

  /**
   * Runs a statement in the order of the events. Its result is discarded. It may be sent later,
   * together with others.
   */
  public void run(String sql, Event event) throws SQLException {
    writeTruncates();
    writeKeyUpdates();
    writeBuffer();
    queue.add(sql, false, event, null);
  }

  private void apply(DecodedEvent decoded, TableName table, ComputedColumns computed, boolean sets)
      throws SQLException {
    Event event = decoded.readable();
    writeTruncates();
    if (FragmentFormat.recognizes(event.type())) {
      writeKeyUpdates();
      writeBuffer();
      singleWriter.writeFragment(event, table);
      return;
    }
    RowChange change = decoded.row() == null ? RowChangeReader.read(event) : decoded.row();
    TargetTable target = target(table, computed);
    if (!addKeyUpdate(change, table, event)) {
      writeKeyUpdates();
      apply(change, target, event, sets);
    }
  }

  /** True if changes are written one by one, so that a failure names its event. */
  public boolean isCareful() {
    return limits.careful();
  }

  /**
   * Applies a row change unless the local row has a later value in column {@code time}: that row is
   * the result of a later change. A row that is missing is inserted.
   */
  public void applyUnlessOlder(DecodedEvent decoded, TableName table, String time)
      throws SQLException {
    Event event = decoded.readable();
    writeTruncates();
    writeKeyUpdates();
    writeBuffer();
    RowChange change = decoded.row() == null ? RowChangeReader.read(event) : decoded.row();
    queue.add(tables.statements(table, local).unlessOlder(change, time), false, event, change);
  }

  /** Deletes the rows that a partition of the source was for. */
  public void deletePartition(Event event, TableName table) throws SQLException {
    writeTruncates();
    writeKeyUpdates();
    writeBuffer();
    singleWriter.writeFragment(event, table);
  }

  /** Empties the table, and no other. */
  public void truncate(Event event, TableName table) throws SQLException {
    writeKeyUpdates();
    writeBuffer();
    truncates.putIfAbsent(table, event);
  }

  private void apply(RowChange change, TargetTable target, Event event, boolean sets)
      throws SQLException {
    if (!sets || change.isRaw() || change.isLarge()) {
      writeBuffer();
      singleWriter.write(change, target.name(), event);
      return;
    }
    if (!buffer.add(target, change)) {
      writeInBackground();
      buffer.add(target, change);
    }
    if (buffer.bytes() >= limits.bytes()
        || (buffer.size() >= enoughChanges && background.isIdle())) {
      enoughChanges = WORTHWHILE_CHANGES;
      writeInBackground();
    }
  }

  /** Returns false if the change is not part of a key update that has to be written as one. */
  private boolean addKeyUpdate(RowChange change, TableName table, Event event) throws SQLException {
    if (change.isMoved() && mustPreserveKeyUpdates(table)) {
      keyUpdates.begin(event, table, change);
      return true;
    }
    Optional<KeyUpdates.KeyUpdate> update =
        change.operation() == RowChange.Operation.INSERT && !change.isReplacing()
            ? keyUpdates.complete(event, table, change)
            : Optional.empty();
    if (update.isEmpty()) {
      return false;
    }
    if (!keyUpdates.add(update.get())) {
      writeKeyUpdates();
      keyUpdates.add(update.get());
    }
    return true;
  }

  private boolean mustPreserveKeyUpdates(TableName table) throws SQLException {
    Boolean known = preserveKeyUpdates.get(table);
    if (known == null) {
      background.await();
      known = tables.mustPreserveKeyUpdates(table, local);
      preserveKeyUpdates.put(table, known);
    }
    return known;
  }

  private TargetTable target(TableName name, ComputedColumns computed) throws SQLException {
    TargetTable known = targets.get(name);
    if (known == null || !known.computed().equals(computed)) {
      if (known != null) {
        writeKeyUpdates();
        writeBuffer();
      }
      background.await();
      known = tables.table(name, computed, local);
      targets.put(name, known);
    }
    return known;
  }

  private void writeTruncates() throws SQLException {
    if (!truncates.isEmpty()) {
      Map<TableName, Event> all = new LinkedHashMap<>(truncates);
      truncates.clear();
      truncateWriter.write(all);
    }
  }

  private void writeKeyUpdates() throws SQLException {
    if (!keyUpdates.isEmpty()) {
      writeBuffer();
      singleWriter.write(keyUpdates.takeAll());
    }
  }

  /** Writes the buffer, after what is being written in the background. */
  private void writeBuffer() throws SQLException {
    background.await();
    if (!buffer.isEmpty()) {
      bufferWriter.write(buffer);
      buffer = new ChangeBuffer();
    }
  }

  private void writeInBackground() throws SQLException {
    if (limits.isSmall(buffer)) {
      writeBuffer();
      return;
    }
    ChangeBuffer full = buffer;
    buffer = new ChangeBuffer();
    background.start(() -> bufferWriter.write(full));
  }

  /**
   * Writes everything, except a row whose new key has not arrived. Afterwards the tables may be
   * changed; their structure is read again.
   */
  public void flush() throws SQLException {
    writeTruncates();
    writeKeyUpdates();
    writeBuffer();
    queue.flush();
    targets.clear();
    preserveKeyUpdates.clear();
  }

  /** As {@link #flush}, before the caller creates or drops tables. */
  public void flushAndForget() throws SQLException {
    flush();
    tables.forget();
  }

  /** As {@link #flush}, after the last event. */
  public void finish() throws SQLException {
    keyUpdates.requireComplete();
    flush();
  }

  /**
   * Waits for the write in progress, so that the caller can use the connection. Changes may still
   * be buffered. Throws the failure of that write.
   */
  public void await() throws SQLException {
    background.await();
  }

  /** As {@link #await}, before a roll-back. */
  @Override
  public void close() {
    try {
      background.await();
    } catch (SQLException | RuntimeException e) {
      log.debug("what was being written has failed, too", e);
    }
  }

  /**
   * A new applier for the same transaction, after a roll-back to a point at which this one was
   * flushed and {@code missed} rows were missed.
   */
  public RowApplier startOver(long missed) {
    close();
    tables.forget(); // the roll-back may have changed them
    RowApplier next = new RowApplier(local, tables, limits);
    next.queue.addMissed(missed);
    return next;
  }

  /** Updates and deletes that found no row: a sign that the table differs from the provider's. */
  public long missed() {
    return queue.missed();
  }
}

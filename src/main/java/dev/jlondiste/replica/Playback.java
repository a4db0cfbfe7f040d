package dev.jlondiste.replica;

import dev.jlondiste.cascade.BatchApplier;
import dev.jlondiste.cascade.BatchDecision;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventReader;
import dev.jlondiste.replica.apply.RowApplier;
import dev.jlondiste.replica.apply.TargetTables;
import dev.jlondiste.replica.handler.HandlerBatch;
import dev.jlondiste.replica.handler.TableHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a batch to the local tables: row events of tables that are in sync, and the events by
 * which Londiste announces tables, sequences and scripts. Called by the worker's thread only.
 */
public final class Playback implements BatchApplier {
  private static final Logger log = LoggerFactory.getLogger(Playback.class);

  private final Supplier<NodeSettings> settings;
  private final TableHandover handover;
  private final ForeignKeyRestorer foreignKeys;
  private final SetAside aside;
  private final ScriptEvents scripts;
  private final SkippedEvents skipped;
  private final TargetTables targets = new TargetTables();
  private Map<String, TableInfo> tables = Map.of();

  /** Handlers of the tables whose events the batch has contained so far. */
  private final Map<TableName, TableHandler> handlers = new HashMap<>();

  private @Nullable RowApplier applier;

  /** The worker's state, valid for the batch that has begun. */
  private @Nullable ConsumerState state;

  private @Nullable Batch batch;
  private long ignored;

  /** Present if events may be skipped in this batch; all others are applied as they arrive. */
  private @Nullable EventUnits units;

  /** True if each unit is applied under a savepoint. */
  private boolean isolates;

  /** True if deferred constraints refused a batch whose units were applied under savepoints. */
  private boolean hasDeferredFault;

  /** True if deferred constraints are checked after each unit. */
  private boolean checksUnits;

  /** True if the last batch found a table being copied. */
  private boolean someWereCopied;

  /**
   * True if the last batch found no table being copied and {@link TableHandover} was not called
   * since.
   */
  private boolean noneIsCopied;

  /** {@code local} is the node's database, in sessions other than those of batches. */
  public Playback(
      Supplier<NodeSettings> settings,
      Database local,
      TableHandover handover,
      ForeignKeyRestorer foreignKeys) {
    this.settings = settings;
    this.handover = handover;
    this.foreignKeys = foreignKeys;
    this.aside = new SetAside(settings, local);
    this.scripts = new ScriptEvents(settings);
    this.skipped = new SkippedEvents(settings);
  }

  @Override
  public BatchDecision beforeBatch(ConsumerState state, boolean recent)
      throws SQLException, InterruptedException {
    this.state = state;
    if (foreignKeys.restore()) {
      targets.forget();
    }
    if (noneIsCopied && recent) {
      return BatchDecision.APPLY;
    }
    noneIsCopied = false; // tables may be copied from now on, until a batch finds none
    return handover.proceed(state);
  }

  @Override
  public @Nullable String eventFilter() {
    if (!settings.get().localOnly()) {
      return null;
    }
    String scriptsToo = settings.get().localOnlyDropExecute() ? "" : " or ev_type = 'EXECUTE'";
    return "(ev_type like 'pgq.%' or ev_type like 'londiste.%'"
        + scriptsToo
        + " or "
        + EventReader.onlyTables(
            tables.values().stream()
                .filter(TableInfo::local)
                .map(table -> table.name().full())
                .toList())
        + ")";
  }

  @Override
  public void begin(Batch batch, Connection local, boolean careful) throws SQLException {
    // The caller holds the lock of the position. Each transaction that sets a table to ok or starts
    // its copy holds it, too.
    know(LondisteFunctions.getTablesAsReplica(local, settings.get().queueName()));
    noneIsCopied = tables.values().stream().noneMatch(TableHandover::needsHandover);
    if (noneIsCopied && someWereCopied) {
      foreignKeys.checkNext();
    }
    someWereCopied = !noneIsCopied;
    if (careful) {
      targets.forget();
    }
    targets.expect(
        tables.values().stream()
            .filter(table -> table.local() && table.state().isOk())
            .filter(table -> !table.isRefused() && !table.isVirtual())
            .map(TableInfo::destination)
            .toList());
    applier = new RowApplier(local, targets, settings.get(), careful);
    this.batch = batch;
    ignored = 0;
    skipped.begin(batch, local, careful);
    isolates = careful && skipsEvents();
    hasDeferredFault &= isolates;
    checksUnits = hasDeferredFault;
    units = isolates || skipped.holdsRows() ? new EventUnits(unit -> apply(unit, local)) : null;
  }

  private boolean skipsEvents() {
    return tables.values().stream()
        .anyMatch(table -> table.local() && table.state().isOk() && skipped.skips(table));
  }

  @Override
  public boolean skipsCauseOf(Exception failure, boolean wasCareful) {
    boolean differs = !wasCareful || hasDeferredFault != checksUnits;
    checksUnits = hasDeferredFault; // so that the same failure waits the next time
    return differs && failure instanceof SQLException e && FaultOfEvent.is(e) && skipsEvents();
  }

  private void know(List<TableInfo> registered) {
    tables = new LinkedHashMap<>();
    registered.forEach(table -> tables.put(table.name().full(), table));
    handlers.clear();
  }

  @Override
  public void handle(DecodedEvent arrival, Connection local) throws SQLException {
    Event event = arrival.event();
    if (RowEvents.isTableEvent(event)) {
      play(arrival, local);
      return;
    }
    arrival.readable();
    closeUnit();
    finishHandlers();
    applier().flush();
    if (event.type().equals("EXECUTE")) {
      OutdatedCopies copies = OutdatedCopies.before(local, tables.values());
      scripts.run(event, local);
      checkDeferred(local);
      copies.restart(local, settings.get().queueName(), event);
      // A script may have changed columns, keys and names of tables.
      targets.forget();
      know(LondisteFunctions.getTables(local, settings.get().queueName()));
    } else {
      register(event, local);
    }
  }

  private void play(DecodedEvent arrival, Connection local) throws SQLException {
    Event event = arrival.event();
    TableInfo table = tables.get(event.requiredExtra1());
    if (table == null
        || !table.local()
        || !table.state().isOk()
        || !RowEvents.isAfterCopySnapshot(event, table)) {
      ignored++;
    } else if (!handlers.containsKey(table.name()) && table.isRefused()) {
      closeUnit();
      applier().flush(); // the applier uses the connection until it is flushed
      handover
          .refused()
          .holdBack(table, Objects.requireNonNull(state), Objects.requireNonNull(batch), local);
      tables.remove(table.name().full()); // the copy's consumer delivers the rest of its events
      ignored++;
    } else if (units != null) {
      units.add(new TableEvent(arrival, table));
    } else {
      TableEvent only = new TableEvent(arrival, table);
      apply(only, local);
      applied(only);
    }
  }

  private void apply(TableEvent event, Connection local) throws SQLException {
    DecodedEvent arrival = event.decoded();
    TableInfo table = event.table();
    if (RowEvents.changesManyRows(arrival)) {
      finishHandlers();
    }
    if (RowEvents.isPartitionDeletion(arrival) && isMerged(table, local)) {
      log.warn(
          "{}: rows of other sources stay, too: the rows of a partition that is gone on this one"
              + " are not deleted: {}",
          table.name(),
          arrival.event().requiredData());
      return;
    }
    RowEvents.apply(arrival, handler(table, local));
  }

  private void applied(TableEvent event) {
    if (event.isTruncate()) {
      skipped.truncated(event);
    }
  }

  private void closeUnit() throws SQLException {
    if (units != null) {
      units.close();
    }
  }

  /** Applies events that can be applied only together; if they are refused, skips them. */
  private void apply(List<TableEvent> unit, Connection local) throws SQLException {
    if (skipped.hold(unit)) {
      return;
    }
    if (!isolates) {
      for (TableEvent event : unit) {
        apply(event, local);
        applied(event);
      }
      return;
    }
    long missed = applier().missed();
    Savepoint before = local.setSavepoint();
    try {
      for (TableEvent event : unit) {
        apply(event, local);
      }
      finishHandlers();
      applier().flush();
      checkDeferred(local);
      local.releaseSavepoint(before);
      unit.forEach(this::applied);
    } catch (SQLException | RuntimeException e) {
      RefusedEvent refused = skippable(unit, e);
      undo(before, refused, local);
      applier = applier().startOver(missed);
      handlers.clear(); // they have written all events before the unit
      unit.forEach(event -> skipped.skip(event, refused));
    }
  }

  /** Raises the error of a deferred constraint now, so that it belongs to the last event. */
  private void checkDeferred(Connection local) throws SQLException {
    if (checksUnits) {
      Sql.run(local, "set constraints all immediate");
      Sql.run(local, "set constraints all deferred");
    }
  }

  /** Raises the errors of deferred constraints before the commit. The next attempt names them. */
  private void checkAllDeferred(Connection local) throws SQLException {
    if (isolates && !checksUnits) {
      hasDeferredFault = true;
      Sql.run(local, "set constraints all immediate");
      hasDeferredFault = false;
    }
  }

  /** Returns the failure with its event; throws it if the events must not be skipped. */
  private RefusedEvent skippable(List<TableEvent> unit, Exception failure) throws SQLException {
    DecodedEvent last = unit.get(unit.size() - 1).decoded();
    SQLException named =
        failure instanceof SQLException e
            ? RefusedEvent.of(last.event(), last.row(), e)
            : RefusedEvent.of(last.event(), last.row(), (RuntimeException) failure);
    if (named instanceof RefusedEvent refused
        && FaultOfEvent.is(refused)
        && unit.stream().allMatch(skipped::canSkip)) {
      return refused;
    }
    throw named;
  }

  private void undo(Savepoint before, RefusedEvent refused, Connection local) throws SQLException {
    applier().close(); // no statement runs on the connection from here on
    try {
      local.rollback(before);
    } catch (SQLException e) {
      e.addSuppressed(refused);
      throw e; // a lost connection, not the event
    }
  }

  /** True if other queues have rows in the table, which the condition of a partition may match. */
  private boolean isMerged(TableInfo table, Connection local) throws SQLException {
    applier().flush(); // the applier uses the connection until it is flushed
    return MergedTable.of(local, settings.get().queueName(), table.destination()).isShared();
  }

  private TableHandler handler(TableInfo table, Connection local) throws SQLException {
    TableHandler known = handlers.get(table.name());
    if (known == null) {
      NodeSettings current = settings.get();
      known = StoredHandler.of(table, current.queueName(), current.handlerSettings());
      Batch now = Objects.requireNonNull(batch);
      known.begin(new HandlerBatch(now.currentTick(), now.currentTime(), local, applier()));
      handlers.put(table.name(), known);
    }
    return known;
  }

  /** Handlers write what they buffer themselves; the applier still has to be flushed. */
  private void finishHandlers() throws SQLException {
    for (TableHandler handler : handlers.values()) {
      handler.finish();
    }
  }

  @Override
  public Optional<Event> passOn(DecodedEvent arrival, Connection local) throws SQLException {
    Event event = arrival.event();
    TableInfo table = RowEvents.isTableEvent(event) ? tables.get(event.requiredExtra1()) : null;
    boolean isRefused = table != null && !handlers.containsKey(table.name()) && table.isRefused();
    if (table == null || !table.local() || isRefused) {
      return Optional.of(arrival.readable());
    }
    if (RowEvents.isPartitionDeletion(arrival)) {
      return isMerged(table, local) ? Optional.empty() : Optional.of(arrival.readable());
    }
    return handler(table, local).passOn(arrival);
  }

  @Override
  public boolean readsWholeEvents() {
    return units != null || tables.values().stream().anyMatch(StoredHandler::readsWholeEvents);
  }

  /** Applies events by which the root announces changes to the set of the queue. */
  private void register(Event event, Connection local) throws SQLException {
    String queue = settings.get().queueName();
    TableName name = TableName.parse(event.requiredData());
    switch (event.type()) {
      case "londiste.add-table" -> {
        if (settings.get().tables().accepts(name.full())) {
          LondisteFunctions.globalAddTable(local, queue, name).orThrow();
        }
      }
      case "londiste.remove-table" -> {
        // A filter excluded the table, or an operator has already removed it.
        TableInfo removed = tables.remove(name.full());
        if (removed != null) {
          handover.stopCopy(removed);
        }
        note(LondisteFunctions.globalRemoveTable(local, queue, name));
      }
      case "londiste.update-seq" -> {
        TableName sequence = TableName.parse(event.requiredExtra1());
        if (settings.get().sequences().accepts(sequence.full())) {
          SequenceFollower.follow(local, queue, sequence, Long.parseLong(event.requiredData()));
        }
      }
      case "londiste.remove-seq" ->
          note(LondisteFunctions.globalRemoveSequence(local, queue, name));
      default ->
          throw new IllegalStateException(
              "Unhandled event type in queue: " + event.type() + " (ev_id " + event.id() + ")");
    }
  }

  private static void note(Reply reply) {
    log.info("{}", reply.note());
  }

  @Override
  public void settle() throws SQLException {
    applier().await();
  }

  @Override
  public void giveUp() {
    if (applier != null) {
      applier.close();
    }
    targets.forget(); // a table may have been repaired before the next attempt
  }

  @Override
  public boolean setAside(RefusedEvent event, long completed) throws SQLException {
    TableInfo table = event.table().map(tables::get).orElse(null);
    return table != null && aside.setAside(table, event, completed);
  }

  @Override
  public Map<String, Long> finish(Connection local) throws SQLException {
    if (units != null) {
      units.finish();
    }
    finishHandlers();
    applier().finish();
    checkAllDeferred(local);
    Map<String, Long> counters =
        new LinkedHashMap<>(
            skipped.write(local, Objects.requireNonNull(batch, "no batch").currentTick()));
    if (ignored > 0) {
      counters.put("ignored_events", ignored);
    }
    if (applier().missed() > 0) {
      counters.put("missed_rows", applier().missed());
      log.warn(
          "{}: {} updates or deletes found no row: compare the tables",
          settings.get().queueName(),
          applier().missed());
    }
    return counters;
  }

  @Override
  public void rootDuties(Connection root) throws SQLException {
    LondisteFunctions.rootCheckSequences(root, settings.get().queueName()).orThrow();
  }

  private RowApplier applier() {
    if (applier == null) {
      throw new IllegalStateException("no batch has begun");
    }
    return applier;
  }
}

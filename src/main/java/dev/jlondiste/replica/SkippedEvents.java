package dev.jlondiste.replica;

import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.OnError;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.handler.TableHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implements {@code on_error = skip-event} and {@code dead-letter}: collects the events that a
 * batch skips, and stores them with the marks of their tables ({@link SkipMark}) in the batch's
 * transaction. So each is kept exactly once, if and only if the node has passed it.
 *
 * <p>Events of a row wait behind the row's letters ({@link HeldRows}), so that letters can be
 * applied later in their order. Called by the worker's thread only.
 */
final class SkippedEvents {
  private static final Logger log = LoggerFactory.getLogger(SkippedEvents.class);

  /** The version of a queue without letters. */
  private static final String NONE = "0/0";

  private static final String WAITS = "waits behind an earlier dead letter of its row";

  /** An event that is to be stored. */
  private record Letter(TableName table, Event event, String error, @Nullable String state) {}

  /** What the batch has skipped of a table. */
  private static final class OfTable {
    private int letters;
    private int discarded;
    private String lastError = "";
    private boolean needsRepair;
  }

  private final Supplier<NodeSettings> settings;
  private boolean isKnown;
  private boolean areKept;
  private boolean hasWarned;

  /** The version of the letters that {@link #held} was read from; empty: has to be read again. */
  private String version = "";

  /** The tick at the end of the last batch; a batch of another process ended there otherwise. */
  private long lastTick = -1;

  private HeldRows held = new HeldRows();
  private final List<Letter> letters = new ArrayList<>();
  private final Map<TableName, OfTable> skipped = new LinkedHashMap<>();
  private final Set<TableName> emptied = new LinkedHashSet<>();

  SkippedEvents(Supplier<NodeSettings> settings) {
    this.settings = settings;
  }

  /** Called when the transaction of a batch has locked the position. */
  void begin(Batch batch, Connection local, boolean careful) throws SQLException {
    letters.clear();
    skipped.clear();
    emptied.clear();
    if (!isKnown || (careful && !areKept)) {
      areKept = DeadLetters.areKept(local);
      isKnown = true;
    }
    if (areKept && (careful || mayHaveChanged(batch))) {
      String queue = settings.get().queueName();
      String now = DeadLetters.version(local, queue);
      if (!now.equals(version)) {
        held = now.equals(NONE) ? new HeldRows() : HeldRows.read(local, queue);
        version = now;
      }
    }
    lastTick = batch.currentTick();
  }

  /**
   * False if there are certainly no letters, so that a batch does not cost a query: there were none
   * when the previous batch began, it added none, and only a batch adds letters. Commands delete
   * them.
   */
  private boolean mayHaveChanged(Batch batch) {
    return !version.equals(NONE) || batch.previousTick() != lastTick;
  }

  /** True if rows have letters, so that events may have to wait behind these. */
  boolean holdsRows() {
    return !held.isEmpty();
  }

  /** True if events of the table can be skipped here. */
  boolean skips(TableInfo table) {
    boolean wanted = policy(table).skipsEvents();
    if (wanted && isKnown && !areKept && !hasWarned) {
      hasWarned = true;
      log.warn(
          Hint.after(
              "on_error = %s needs this program's SQL in the node's database, so the node stops"
                      .formatted(policy(table).iniName())
                  + " instead",
              "psql -f sql/install.sql installs it in place of Londiste's"));
    }
    return wanted && areKept;
  }

  private OnError policy(TableInfo table) {
    return table.onError(settings.get().onError());
  }

  /**
   * True if the event can be skipped. Letters cannot hold texts whose encoding is not known, and an
   * event that cannot be read cannot be passed on either.
   */
  boolean canSkip(TableEvent event) {
    return skips(event.table())
        && event.decoded().problem() == null
        && (!event.decoded().raw() || policy(event.table()) == OnError.SKIP_EVENT);
  }

  /**
   * Keeps events as letters if one of them has to wait behind another letter.
   *
   * @return true if they must not be applied
   */
  boolean hold(List<TableEvent> unit) {
    if (unit.stream().noneMatch(this::hasToWait)) {
      return false;
    }
    for (TableEvent event : unit) {
      keep(event, WAITS, null);
      OfTable table = ofTable(event);
      table.letters++;
      table.needsRepair |= RowKeys.of(event.decoded()).isEmpty();
      table.lastError = "ev_id " + event.decoded().event().id() + " " + WAITS;
    }
    return true;
  }

  private boolean hasToWait(TableEvent event) {
    TableName table = event.table().name();
    if (!held.has(table) || event.isTruncate()) {
      return false;
    }
    boolean isKnownRow = RowKeys.of(event.decoded()).isPresent() && !event.decoded().raw();
    if (!isKnownRow) {
      ofTable(event).needsRepair = true; // it may change a row that has letters
    }
    return isKnownRow
        && RowKeys.of(event.decoded()).filter(key -> held.has(table, key)).isPresent();
  }

  /** Skips an event whose effects are rolled back. */
  void skip(TableEvent event, RefusedEvent refused) {
    OfTable table = ofTable(event);
    table.lastError = refused.where() + ": " + refused.reason();
    if (policy(event.table()) == OnError.DEAD_LETTER) {
      String state = SqlFaults.state(refused);
      keep(event, refused.reason(), state.isEmpty() ? null : state);
      table.letters++;
      table.needsRepair |= RowKeys.of(event.decoded()).isEmpty();
    } else {
      table.discarded++;
      table.needsRepair = true;
    }
  }

  private void keep(TableEvent event, String error, @Nullable String state) {
    Event whole = event.decoded().event();
    letters.add(new Letter(event.table().name(), whole, error, state));
    held.add(event.table().name(), whole);
    version = ""; // also if the batch is rolled back
  }

  private OfTable ofTable(TableEvent event) {
    return skipped.computeIfAbsent(event.table().name(), name -> new OfTable());
  }

  /**
   * Called when a truncate was applied: what was skipped before has no effect any longer, unless
   * the handler keeps rows here that the source does not have.
   */
  void truncated(TableEvent event) {
    TableInfo table = event.table();
    boolean isEmpty =
        TableHandlers.find(table.handler())
                .map(handler -> handler.keepsRows(table.handlerArguments()))
                .orElse(false)
            && !"1".equals(table.handlerArguments().get("ignore_truncate"));
    if (isEmpty) {
      letters.removeIf(letter -> letter.table().equals(table.name()));
      skipped.remove(table.name());
      emptied.add(table.name());
      held.remove(table.name());
      version = "";
    } else if (held.has(table.name())) {
      ofTable(event).needsRepair = true;
    }
  }

  /** Stores what the batch has skipped, before it commits. Returns counters for the log. */
  Map<String, Long> write(Connection local, long tick) throws SQLException {
    String queue = settings.get().queueName();
    if (areKept) {
      for (TableName table : emptied) {
        DeadLetters.deleteAll(local, queue, table);
        SkipMark.clear(local, queue, table);
      }
    }
    for (Letter letter : letters) {
      DeadLetters.add(
          local, queue, letter.table(), tick, letter.event(), letter.error(), letter.state());
    }
    long kept = 0;
    long discarded = 0;
    for (Map.Entry<TableName, OfTable> entry : skipped.entrySet()) {
      write(local, queue, entry.getKey(), entry.getValue(), tick);
      kept += entry.getValue().letters;
      discarded += entry.getValue().discarded;
    }
    Map<String, Long> counters = new LinkedHashMap<>();
    if (kept > 0) {
      counters.put("dead_letters", kept);
    }
    if (discarded > 0) {
      counters.put("discarded_events", discarded);
    }
    return counters;
  }

  private static void write(Connection local, String queue, TableName table, OfTable of, long tick)
      throws SQLException {
    int events = of.letters + of.discarded;
    if (events == 0) {
      SkipMark.update(local, queue, table, of.needsRepair);
      return;
    }
    SkipMark.add(local, queue, table, events, of.lastError, tick, of.needsRepair);
    log.error(
        Hint.after(
            "%s: skipped %d event(s), of which %d are dead letters; the last: %s"
                .formatted(table, events, of.letters, of.lastError),
            "remove the cause, then " + SkipMark.remedy(table, of.needsRepair)));
  }
}

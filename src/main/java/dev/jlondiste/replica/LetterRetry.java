package dev.jlondiste.replica;

import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.RefusedEvent;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.BadEvent;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.replica.apply.RowApplier;
import dev.jlondiste.replica.apply.TargetTables;
import dev.jlondiste.replica.handler.HandlerBatch;
import dev.jlondiste.replica.handler.TableHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies dead letters as the worker would, in their order, and deletes them. Each is a transaction
 * of its own, which locks the position of the node, so that no batch is applied at the same time. A
 * letter that is refused again stays, and so do later ones of its row. Used by one thread, once.
 */
public final class LetterRetry {
  private static final Logger log = LoggerFactory.getLogger(LetterRetry.class);
  private static final int PAGE = 500;

  private final NodeSettings settings;
  private final Database local;
  private final NodePosition position;
  private final TargetTables targets = new TargetTables();
  private final Map<TableName, TableInfo> tables = new HashMap<>();
  private final IdentityHashMap<DecodedEvent, DeadLetter> letters = new IdentityHashMap<>();

  /** The rows of letters that stay. */
  private final HeldRows staying = new HeldRows();

  /** Tables whose marks have to be updated. */
  private final Set<TableName> touched = new LinkedHashSet<>();

  private Set<Long> chosen = Set.of();
  private int applied;
  private int refused;
  private int waiting;

  /**
   * What became of the chosen letters.
   *
   * @param applied now
   * @param refused again
   * @param waiting behind another letter of the same row
   */
  public record Result(int applied, int refused, int waiting) {}

  /** {@code worker} is the name of the node's worker, which holds the position. */
  public LetterRetry(NodeSettings settings, Database local, String worker) {
    this.settings = settings;
    this.local = local;
    this.position = new NodePosition(settings.queueName(), worker);
  }

  /** Applies the chosen letters that are there when it begins. */
  public Result run(DeadLetters.Choice choice) throws SQLException {
    chosen = Set.copyOf(choice.ids());
    String queue = settings.queueName();
    local
        .call(db -> LondisteFunctions.getTables(db, queue))
        .forEach(table -> tables.put(table.name(), table));
    long end = local.call(db -> DeadLetters.lastId(db, queue));
    // Letters that are not chosen are read, too: others may have to wait behind them.
    DeadLetters.Choice all = new DeadLetters.Choice(choice.tables(), List.of());
    EventUnits units = new EventUnits(this::retry);
    long last = 0;
    while (last < end) {
      long after = last;
      List<DeadLetter> page = local.call(db -> DeadLetters.list(db, queue, all, after, PAGE));
      if (page.isEmpty()) {
        break;
      }
      for (DeadLetter letter : page) {
        last = letter.id();
        if (last <= end) {
          DecodedEvent event = decoded(letter.event());
          letters.put(event, letter);
          units.add(new TableEvent(event, table(letter)));
        }
      }
    }
    units.finish();
    local.run(
        db -> {
          position.awaitBatch(db);
          for (TableName table : touched) {
            SkipMark.update(db, queue, table, false); // its number of letters
          }
        });
    return new Result(applied, refused, waiting);
  }

  private TableInfo table(DeadLetter letter) {
    TableInfo table = tables.get(letter.table());
    if (table == null) {
      throw new UserError(
          "table %s of dead letter %d was removed".formatted(letter.table(), letter.id()), null);
    }
    return table;
  }

  private static DecodedEvent decoded(Event event) {
    if (!event.hasColumns() || event.isPartitionDeletion()) {
      return new DecodedEvent(event, null);
    }
    try {
      return new DecodedEvent(event, RowChangeReader.read(event));
    } catch (BadEvent e) {
      return new DecodedEvent(event, null); // refused again when it is applied
    }
  }

  private void retry(List<TableEvent> unit) throws SQLException {
    List<DeadLetter> own = unit.stream().map(event -> letter(event)).toList();
    unit.forEach(event -> letters.remove(event.decoded()));
    boolean isChosen =
        chosen.isEmpty() || own.stream().anyMatch(letter -> chosen.contains(letter.id()));
    if (isChosen && unit.stream().noneMatch(this::hasToWait)) {
      try {
        if (local.call(db -> apply(db, unit, own))) {
          applied += own.size();
        }
        return;
      } catch (SQLException e) {
        if (SqlFaults.isLostConnection(e)) {
          throw e;
        }
        stays(own, e);
      } catch (RuntimeException e) {
        stays(own, e);
      }
    } else if (isChosen) {
      waiting += own.size();
      log.warn(
          "{}: dead letter {} waits behind an earlier one of its row",
          own.get(0).table(),
          own.get(0).id());
    }
    unit.forEach(event -> staying.add(event.table().name(), event.decoded().event()));
  }

  private DeadLetter letter(TableEvent event) {
    DeadLetter letter = letters.get(event.decoded());
    if (letter == null) {
      throw new IllegalStateException("no letter has event " + event.decoded().event().id());
    }
    return letter;
  }

  private boolean hasToWait(TableEvent event) {
    return RowKeys.of(event.decoded())
        .filter(key -> staying.has(event.table().name(), key))
        .isPresent();
  }

  private void stays(List<DeadLetter> own, Exception failure) throws SQLException {
    refused += own.size();
    String error =
        failure instanceof RefusedEvent event
            ? event.reason()
            : String.valueOf(failure.getMessage());
    String state = failure instanceof SQLException e ? SqlFaults.state(e) : "";
    for (DeadLetter letter : own) {
      log.warn("{}: dead letter {} is refused again: {}", letter.table(), letter.id(), error);
      local.run(db -> DeadLetters.failed(db, letter.id(), error, state.isEmpty() ? null : state));
    }
  }

  /** Returns false if the letters are not there any longer. */
  private boolean apply(Connection db, List<TableEvent> unit, List<DeadLetter> own)
      throws SQLException {
    position.awaitBatch(db);
    for (DeadLetter letter : own) {
      if (!DeadLetters.delete(db, letter.id())) {
        return false;
      }
    }
    String queue = settings.queueName();
    Map<TableName, TableHandler> handlers = new LinkedHashMap<>();
    LondisteFunctions.setSessionReplicationRole(db, "replica", true);
    long missed;
    try (RowApplier applier = new RowApplier(db, targets, settings, true)) {
      for (int i = 0; i < unit.size(); i++) {
        TableInfo table = unit.get(i).table();
        TableHandler handler = handlers.get(table.name());
        if (handler == null) {
          requireInSync(db, table);
          handler = StoredHandler.of(table, queue, settings.handlerSettings());
          handler.begin(
              new HandlerBatch(own.get(i).tick(), own.get(i).event().insertedAt(), db, applier));
          handlers.put(table.name(), handler);
        }
        RowEvents.apply(single(unit, unit.get(i).decoded()), handler);
      }
      for (TableHandler handler : handlers.values()) {
        handler.finish();
      }
      applier.finish();
      missed = applier.missed();
    } catch (SQLException | RuntimeException e) {
      targets.forget();
      throw e;
    }
    if (missed > 0) {
      log.warn("{}: dead letter {} found no row", own.get(0).table(), own.get(0).id());
    }
    for (TableName table : handlers.keySet()) {
      touched.add(table);
      if (missed > 0 || DeadLetters.count(db, queue, table) == 0) {
        SkipMark.update(db, queue, table, missed > 0);
      }
    }
    return true;
  }

  /** Half of a key update whose other half is no letter is an ordinary DELETE. */
  private static DecodedEvent single(List<TableEvent> unit, DecodedEvent event) {
    RowChange row = event.row();
    return row == null || unit.size() > 1 ? event : event.withRow(row.apart());
  }

  private void requireInSync(Connection db, TableInfo table) throws SQLException {
    if (table.isRefused()) {
      throw new UnsupportedHandler(table.name(), table.handler()).error();
    }
    boolean isOk =
        TableStates.lock(db, settings.queueName(), table).filter(TableState::isOk).isPresent();
    if (!isOk) {
      throw new UserError(
          "table " + table.name() + " is not in sync", "'wait-sync' waits for its copy");
    }
  }
}

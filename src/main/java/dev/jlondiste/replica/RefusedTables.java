package dev.jlondiste.replica;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Batch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main worker's part for tables whose handler does not exist here ({@link UnsupportedHandler}).
 * Replication of the other tables continues, and no event of a refused table is applied or lost.
 *
 * <p>A copy cannot replace the events of such a table: a handler may keep rows that the source has
 * deleted, or call a function for each event. So a refused table is not set aside to be copied
 * again. Instead it takes the path of a table that has just been copied. When its first event
 * arrives, a consumer named as that of a copy is registered on the provider at the tick before the
 * event, and the batch's transaction sets the state to {@code catching-up}. As soon as the table
 * has a handler that exists, a copy worker applies the waiting events and hands the table over
 * ({@link TableHandover}). Until then the provider keeps the events, as for a stopped worker. A
 * table without events is not changed.
 *
 * <p>The consumer is registered before the transaction commits. If the batch fails, the next
 * attempt registers it again at the same tick. Called by the main worker's thread only.
 */
final class RefusedTables {
  private static final Logger log = LoggerFactory.getLogger(RefusedTables.class);

  private final Supplier<NodeSettings> settings;
  private final CopyWorkers copies;
  private final Map<TableName, String> reported = new HashMap<>();
  private Set<TableName> waiting = new HashSet<>();

  RefusedTables(Supplier<NodeSettings> settings, CopyWorkers copies) {
    this.settings = settings;
    this.copies = copies;
  }

  /**
   * Returns the tables that are not refused, and logs each refused table once. Unregisters the
   * consumer of a table that was removed or is to be copied again.
   */
  List<TableInfo> remove(List<TableInfo> tables) {
    for (TableInfo table : tables) {
      if (!table.local() || !table.isRefused()) {
        reported.remove(table.name());
      } else if (!table.handler().equals(reported.put(table.name(), table.handler()))) {
        UnsupportedHandler refusal = new UnsupportedHandler(table.name(), table.handler());
        log.error("{}: {}\nHINT:  {}", table.name(), refusal.problem(), refusal.hint());
      }
    }
    Set<TableName> copying =
        tables.stream()
            .filter(table -> table.local() && table.state().isCopying())
            .map(TableInfo::name)
            .collect(Collectors.toSet());
    waiting.stream().filter(name -> !copying.contains(name)).forEach(copies::unregisterConsumer);
    waiting =
        tables.stream()
            .filter(table -> table.isRefused() && copying.contains(table.name()))
            .map(TableInfo::name)
            .collect(Collectors.toSet());
    return tables.stream().filter(table -> !table.isRefused()).toList();
  }

  /**
   * Holds back the first event of a refused table in sync, and all later ones.
   *
   * @param state the worker's state; the batch comes from its provider
   * @param local the batch's transaction
   */
  void holdBack(TableInfo table, ConsumerState state, Batch batch, Connection local)
      throws SQLException {
    copies.registerConsumer(
        table, state.provider(), state.providerLocation(), batch.previousTick());
    waiting.add(table.name());
    if (TableStates.change(local, settings.get().queueName(), table, TableState.CATCHING_UP)) {
      log.error(
          "{}: its events wait on node {} from tick {} on, whose queue keeps them: {}",
          table.name(),
          state.provider(),
          batch.previousTick(),
          new UnsupportedHandler(table.name(), table.handler()).problem());
    }
  }
}

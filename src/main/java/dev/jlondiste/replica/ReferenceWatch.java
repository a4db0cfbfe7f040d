package dev.jlondiste.replica;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the foreign keys that stayed in place while the table they refer to was copied, because
 * the server does not check them again. Rows whose referenced row is missing are reported in {@code
 * londiste.table_fault} until there are none. The check is possible only when the table and all
 * partitions of its parent are in sync, so the copy's transaction records a request for it. Called
 * by one thread only.
 */
public final class ReferenceWatch implements Work {
  private static final Logger log = LoggerFactory.getLogger(ReferenceWatch.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  /**
   * A check may read large tables, so it is limited to one part in this many of the elapsed time.
   */
  private static final int SHARE = 100;

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final InstantSource clock;
  private final Map<TableName, Instant> next = new HashMap<>();

  public ReferenceWatch(Supplier<NodeSettings> settings, Database local, InstantSource clock) {
    this.settings = settings;
    this.local = local;
    this.clock = clock;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    String queue = settings.get().queueName();
    List<TableFault> faults =
        local.ask(db -> TableFaults.list(db, queue)).stream()
            .filter(fault -> fault.kind() == TableFault.Kind.REFERENCE)
            .toList();
    next.keySet().retainAll(faults.stream().map(TableFault::table).toList());
    if (faults.isEmpty()) {
      return Outcome.IDLE;
    }
    List<TableInfo> tables = local.call(db -> LondisteFunctions.getTables(db, queue));
    Set<TableName> unfinished =
        tables.stream()
            .filter(table -> table.local() && !table.state().isOk())
            .map(TableInfo::destination)
            .collect(Collectors.toSet());
    for (TableFault fault : faults) {
      Optional<TableInfo> table =
          tables.stream()
              .filter(info -> info.name().equals(fault.table()) && info.local())
              .filter(info -> info.state().isOk())
              .findFirst();
      if (table.isPresent()
          && !next.getOrDefault(fault.table(), Instant.MIN).isAfter(clock.instant())) {
        check(fault, table.get().destination(), unfinished);
      }
    }
    return Outcome.IDLE;
  }

  private void check(TableFault fault, TableName table, Set<TableName> unfinished)
      throws SQLException {
    Instant began = clock.instant();
    List<ForeignReference> references = local.call(db -> ForeignReference.to(db, table));
    for (ForeignReference reference : references) {
      if (local.call(reference::targets).stream().anyMatch(unfinished::contains)) {
        return;
      }
    }
    StringBuilder found = new StringBuilder();
    for (ForeignReference reference : references) {
      Optional<String> orphans = local.call(reference::orphans);
      orphans.ifPresent(text -> found.append(found.isEmpty() ? "" : "; ").append(text));
    }
    store(fault, found.toString());
    Duration pause = Duration.between(began, clock.instant()).multipliedBy(SHARE);
    next.put(fault.table(), clock.instant().plus(pause.compareTo(EVERY) < 0 ? EVERY : pause));
  }

  /** Stores the result of a check; {@code orphans} is empty if there are none. */
  private void store(TableFault fault, String orphans) throws SQLException {
    String queue = settings.get().queueName();
    if (orphans.isEmpty()) {
      log.info("{}: all references to it find their rows", fault.table());
      local.run(db -> TableFaults.clear(db, queue, fault.table(), fault.kind()));
      return;
    }
    String message =
        Hint.after(
            orphans,
            "insert what is missing, or delete or change these rows; the check is repeated every"
                + " few minutes");
    if (!fault.message().equals(message)) {
      log.warn("{}: {}", fault.table(), orphans);
    }
    local.run(
        db -> TableFaults.record(db, queue, fault.table(), fault.kind(), message, null, Map.of()));
  }
}

package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.db.AdvisoryLock;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.MergedTable.Part;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.structure.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two transactions of a copy to a table that several queues feed; see {@link CopyTurn}. */
final class MergedCopy {
  private static final Logger log = LoggerFactory.getLogger(MergedCopy.class);

  /** Lock timeout for the table; after it the copy fails and is retried. */
  private static final Duration WAIT_FOR_TABLE = Duration.ofMinutes(1);

  private static final int DEFAULT_MAX_PARALLEL_COPY = 8;

  private final String queue;
  private final Database local;
  private final CopyTurn turn;

  MergedCopy(String queue, Database local, CopyTurn turn) {
    this.queue = queue;
    this.local = local;
    this.turn = turn;
  }

  /** Returns what the copy may do now. */
  CopyTurn.Step step(TableName destination) throws SQLException {
    return turn.next(local.call(db -> MergedTable.of(db, queue, destination)));
  }

  /**
   * Empties the table and drops its keys and indexes, if no part is copied yet.
   *
   * @return false if another copy was faster, or an operator has changed the table's state
   */
  boolean lead(TableInfo table, StopSignal stop) throws SQLException {
    local.call(db -> MergedTable.of(db, queue, table.destination())).requireMergedCopy(queue);
    awaitBatches(table);
    try (Connection here = local.open()) {
      LondisteFunctions.setSessionReplicationRole(here, "replica", true);
      lock(here, table, "access exclusive", stop);
      MergedTable merged = MergedTable.lock(here, queue, table.destination());
      Optional<Part> own = merged.part(queue);
      if (own.isEmpty()
          || !own.get().table().state().equals(table.state())
          || (merged.holder().isPresent() && !own.get().isUnfinished())
          || merged.others(queue).stream().anyMatch(Part::isUnfinished)) {
        return false;
      }
      List<Part> copied = merged.others(queue).stream().filter(Part::isCopied).toList();
      if (!copied.isEmpty()) {
        if (own.get().isUnfinished()) {
          throw mixed(table, copied);
        }
        return false;
      }
      begin(here, own.get().table());
      here.commit();
      return true;
    }
  }

  private static UserError mixed(TableInfo table, List<Part> copied) {
    return new UserError(
        "table %s has unfinished rows of this queue, and rows of queue %s"
            .formatted(
                table.destination(),
                copied.stream().map(Part::queue).collect(Collectors.joining(", "))),
        "resync " + table.name() + " copies it again from all its queues");
  }

  /**
   * Waits until no batch of another queue is being applied that began before the table's copies
   * were started: it could write rows after the table is emptied. Later batches leave the table
   * out.
   */
  private void awaitBatches(TableInfo table) throws SQLException {
    List<Part> others =
        local.call(db -> MergedTable.of(db, queue, table.destination())).others(queue);
    for (Part part : others) {
      local.run(new NodePosition(part.queue(), part.worker())::awaitBatch);
    }
  }

  private void begin(Connection here, TableInfo table) throws SQLException {
    TableName target = table.destination();
    if (table.droppedDdl().isPresent()) {
      log.info("{}: restoring what an unfinished copy has dropped", table.name());
      EmptyTable.empty(here, target);
      Ddl.run(here, table.droppedDdl().get());
    }
    TableRebuild rebuild = TableRebuild.of(here, target, List.of(), table.keepsRows());
    rebuild.drop(here);
    if (table.keepsRows()) {
      log.info("{}: skipping truncate", table.name());
    } else {
      UserTriggers triggers = UserTriggers.silence(here, target);
      EmptyTable.emptyForCopy(here, queue, table);
      triggers.restore(here);
    }
    LondisteFunctions.setTableStructure(here, queue, table.name(), rebuild.sharedRestoreSql())
        .orThrow();
  }

  /**
   * Begins the transaction in which a part is copied, and locks the part and the table. The lock of
   * the table keeps others from emptying it, and lets the parts be copied at the same time.
   *
   * @return the table; empty if this copy has to wait
   */
  Optional<TableInfo> enter(Connection here, TableInfo table, StopSignal stop) throws SQLException {
    LondisteFunctions.setSessionReplicationRole(here, "replica", true);
    TableName target = table.destination();
    // An earlier attempt whose commit is still pending holds this lock until that is decided.
    if (!partLock(table).tryHoldInTransaction(here) || !takeSlot(here, table)) {
      return Optional.empty();
    }
    boolean isSilent = UserTriggers.areSilent(here, target);
    lock(here, table, isSilent ? "row exclusive" : "share row exclusive", stop);
    MergedTable merged = MergedTable.of(here, queue, target);
    if (turn.next(merged) != CopyTurn.Step.COPY) {
      return Optional.empty();
    }
    return merged
        .part(queue)
        .map(Part::table)
        .filter(now -> now.state().equals(table.state()) && now.name().equals(table.name()));
  }

  private AdvisoryLock partLock(TableInfo table) {
    return AdvisoryLock.named("jlondiste copy of " + table.name() + " from " + queue);
  }

  /** Takes one of {@code max_parallel_copy} locks; they end with the transaction. */
  private boolean takeSlot(Connection here, TableInfo table) throws SQLException {
    int slots = maxParallelCopy(table);
    for (int slot = 1; slot <= slots; slot++) {
      AdvisoryLock lock =
          AdvisoryLock.named("jlondiste copy " + slot + " into " + table.destination());
      if (lock.tryHoldInTransaction(here)) {
        return true;
      }
    }
    turn.say("number of max parallel copies (" + slots + ") reached");
    return false;
  }

  private static int maxParallelCopy(TableInfo table) {
    String text = table.attributes().get("max_parallel_copy");
    try {
      return text == null ? DEFAULT_MAX_PARALLEL_COPY : Math.max(1, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new UserError(
          "max_parallel_copy of " + table.name() + " is '" + text + "'",
          "remove the table and add it again with --max-parallel-copy=N",
          e);
    }
  }

  private static void lock(Connection here, TableInfo table, String mode, StopSignal stop)
      throws SQLException {
    String target = table.destination().quoted();
    String rows = TableRows.of(here, table.destination());
    ShortLocks.of(WAIT_FOR_TABLE, stop)
        .run(
            here,
            List.of(target),
            LockHolders.Mode.AGAINST_ALL,
            attempt -> Ddl.run(attempt, "lock table " + rows + " in " + mode + " mode"));
  }
}

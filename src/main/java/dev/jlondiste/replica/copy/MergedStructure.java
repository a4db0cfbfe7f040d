package dev.jlondiste.replica.copy;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.LockHolders;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores the keys and indexes of a table that several queues feed, when the rows of all are
 * copied. Until then no copy catches up. The worker whose copy has dropped them restores them; if
 * it does not, because it was killed, another one does.
 *
 * <p>A queue whose source cannot be reached is not waited for: its worker reports an error, and its
 * rows are copied later, with the indexes in place. A queue without a worker of ours is waited for:
 * its worker may be one of Londiste, which would empty the table if it were the last to copy it.
 * Used by one thread.
 */
final class MergedStructure {
  private static final Logger log = LoggerFactory.getLogger(MergedStructure.class);

  /** Lock timeout for the table; after it the attempt fails and is retried. */
  private static final Duration WAIT_FOR_TABLE = Duration.ofMinutes(1);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final CopyTurn turn;
  private final Clock clock;
  private final StopSignal stop;
  private final Map<String, Instant> failingSince = new HashMap<>();
  private @Nullable Instant completeSince;

  MergedStructure(
      Supplier<NodeSettings> settings,
      Database local,
      CopyTurn turn,
      StopSignal stop,
      Clock clock) {
    this.settings = settings;
    this.local = local;
    this.turn = turn;
    this.stop = stop;
    this.clock = clock;
  }

  /** Returns true if the table, whose rows are copied, has its keys and indexes. */
  boolean isRestored(TableInfo table) throws SQLException {
    if (table.droppedDdl().isEmpty() && table.copyRole().isEmpty()) {
      return true;
    }
    String queue = settings.get().queueName();
    MergedTable merged = local.call(db -> MergedTable.of(db, queue, table.destination()));
    Optional<Part> holder = merged.holder();
    if (holder.isEmpty()) {
      return true;
    }
    List<Part> missing = local.call(db -> awaited(db, merged));
    if (!missing.isEmpty()) {
      completeSince = null;
      turn.say(
          "waiting for other partitions to finish copy: queue "
              + missing.stream().map(Part::queue).collect(Collectors.joining(", ")));
      return false;
    }
    if (holder.get().queue().equals(queue)) {
      restore(holder.get());
      return true;
    }
    return !local.call(holder.get()::isRunning) && isHolderLate() && tryRestore(holder.get());
  }

  /**
   * Restores the structure for another worker. If that is a worker of Londiste, which cannot be
   * detected, it may be doing the same: then it has locked the table.
   */
  private boolean tryRestore(Part holder) throws SQLException {
    try {
      restore(holder);
      return true;
    } catch (UserError e) {
      turn.say("waiting for the keys and indexes: " + e.getMessage());
      return false;
    }
  }

  /** True if the worker that should restore the structure has had enough time to do it. */
  private boolean isHolderLate() {
    if (completeSince == null) {
      completeSince = clock.instant();
    }
    return completeSince.plus(patience()).isBefore(clock.instant());
  }

  /** A worker that cannot reach its provider needs some attempts to recover. */
  private Duration patience() {
    Duration pause = settings.get().job().exceptionSleep().multipliedBy(3);
    return pause.compareTo(CopyTurn.PATIENCE) < 0 ? pause : CopyTurn.PATIENCE;
  }

  private List<Part> awaited(Connection here, MergedTable merged) throws SQLException {
    List<Part> awaited = new ArrayList<>();
    for (Part part : merged.parts()) {
      if (part.isCopied()) {
        continue;
      }
      boolean isAway = part.isFailing() && !part.isInCopy() && part.isRunning(here);
      if (!isAway) {
        failingSince.remove(part.queue());
        awaited.add(part);
      } else if (failingSince
          .computeIfAbsent(part.queue(), key -> clock.instant())
          .plus(patience())
          .isAfter(clock.instant())) {
        awaited.add(part);
      }
    }
    return awaited;
  }

  /**
   * Restores the structure, unless another worker has done it. Locks the table before the row, as
   * all copies do.
   */
  private void restore(Part holder) throws SQLException {
    String target = holder.table().destination().quoted();
    try (Connection here = local.open()) {
      LondisteFunctions.setSessionReplicationRole(here, "replica", true);
      String rows = TableRows.of(here, holder.table().destination());
      ShortLocks.of(WAIT_FOR_TABLE, stop)
          .run(
              here,
              List.of(target),
              LockHolders.Mode.AGAINST_ALL,
              attempt -> Ddl.run(attempt, "lock table " + rows + " in access exclusive mode"));
      Optional<String> ddl =
          MergedTable.lock(here, holder.queue(), holder.table().destination())
              .part(holder.queue())
              .filter(part -> !part.isUnfinished())
              .flatMap(part -> part.table().droppedDdl());
      if (ddl.isPresent()) {
        log.info("Creating the keys and indexes of {}", holder.table().destination());
        IndexMemory.raise(here, settings.get().copies().indexMemory());
        Ddl.run(here, ddl.get());
        TableRebuild.analyze(here, holder.table().destination());
        LondisteFunctions.setTableStructure(here, holder.queue(), holder.table().name(), null)
            .orThrow();
      }
      here.commit();
    }
  }
}

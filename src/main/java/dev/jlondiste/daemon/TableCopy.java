package dev.jlondiste.daemon;

import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.replica.copy.CopyThreads;
import dev.jlondiste.replica.handler.TableHandlers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the copy of one table without the worker of the node: from any state of the copy until
 * it has caught up, where the worker takes the table over. Holds the lock of the worker meanwhile,
 * so a worker that is started stands by.
 */
public final class TableCopy {
  private static final Logger log = LoggerFactory.getLogger(TableCopy.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final NodeSettings settings;

  /** Creates the copy for the node with these settings. */
  public TableCopy(NodeSettings settings) {
    this.settings = settings;
    TableHandlers.load(settings.handlerSettings());
  }

  /** Returns when the table has caught up; throws {@link UserError} if it cannot be copied. */
  public void run(TableName name) throws SQLException, InterruptedException {
    try (NodeWiring wiring = NodeWiring.of(settings)) {
      TableInfo table = find(wiring, name);
      refuseUnlessCopying(table);
      refuseIfWorkerRuns(wiring);
      if (!hasCaughtUp(table)) {
        copy(wiring, table);
      }
      log.info("{}: caught up; the worker of this node takes it over when it is started", name);
    }
  }

  private void copy(NodeWiring wiring, TableInfo table) throws SQLException, InterruptedException {
    Loops loops = new Loops(new StopSignal(), end -> {});
    CopyThreads copies =
        new CopyThreads(
            () -> settings,
            wiring.local(),
            wiring.remote(),
            loops,
            () -> {},
            new Meters(),
            Clock.systemUTC());
    try {
      copies.launch(table, settings.copies().streams());
      while (!hasCaughtUp(find(wiring, table.name()))) {
        if (!wiring.lock().hold()) { // its session was ended, and a worker has taken it
          throw new UserError(
              "a worker of this node has started: it continues the copy of " + table.name(),
              "'tables' shows the state");
        }
        if (loops.awaitEnd(POLL)) {
          throw new UserError(
              "the copy of " + table.name() + " has ended before it caught up",
              "the log has the reason; 'tables' shows the state");
        }
      }
    } finally {
      loops.stopAll(STOP_GRACE, STOP_GRACE);
    }
  }

  private TableInfo find(NodeWiring wiring, TableName name) throws SQLException {
    Optional<TableInfo> found =
        wiring.local().call(db -> LondisteFunctions.getTables(db, settings.queueName())).stream()
            .filter(table -> table.local() && table.name().equals(name))
            .findFirst();
    return found.orElseThrow(
        () ->
            new UserError(
                "copy_sync: lost table: " + name,
                "'tables' lists the tables that this node replicates"));
  }

  private static void refuseUnlessCopying(TableInfo table) {
    if (table.state().phase() == TableState.Phase.MISSING) {
      throw new UserError(
          "the copy of " + table.name() + " has not begun",
          "start the worker of this node, which begins copies by itself");
    }
    if (table.state().isOk()) {
      throw new UserError(
          table.name() + " is copied already", "'resync " + table.name() + "' copies it again");
    }
  }

  private void refuseIfWorkerRuns(NodeWiring wiring) throws SQLException {
    Optional<PidFile> pidFile = settings.job().pidfile().map(PidFile::at);
    boolean hasProcess = pidFile.isPresent() && pidFile.get().livePid().isPresent();
    if (hasProcess || isLocked(wiring) || !wiring.lock().hold()) {
      throw new UserError(
          "the worker of this node is running: it continues interrupted copies by itself",
          "'tables' shows the state of each copy; 'resync TABLE' copies a table again");
    }
  }

  private boolean isLocked(NodeWiring wiring) throws SQLException {
    return wiring
        .local()
        .call(db -> NodeLock.isHeld(db, settings.queueName(), settings.consumerName()));
  }

  private static boolean hasCaughtUp(TableInfo table) {
    TableState.Phase phase = table.state().phase();
    return phase == TableState.Phase.WANNA_SYNC || phase == TableState.Phase.OK;
  }
}

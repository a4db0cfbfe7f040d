package dev.jlondiste.replica.script;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.CopyInput;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts in a transaction of the caller, on the root or as they arrive on a subscriber. The
 * record that a script was executed, its EXECUTE event, its changes and the repair of triggers are
 * committed together, or not at all.
 *
 * <p>A script that does not get its locks is rolled back to a savepoint and tried again, see {@link
 * ShortLocks}: statements of applications pass in between. A script that sets {@code lock_timeout}
 * waits as long as it says. Used by one thread, for one transaction.
 */
public final class ScriptExecution {
  private static final Logger log = LoggerFactory.getLogger(ScriptExecution.class);
  private static final int ROWS_AT_ONCE = 1000;

  private final String queue;
  private final Map<String, String> handlerSettings;
  private final boolean isRoot;
  private final ShortLocks locks;

  /** Lines that an earlier attempt has logged. */
  private final Set<String> logged = new HashSet<>();

  private ScriptExecution(NodeSettings settings, boolean isRoot, ShortLocks locks) {
    this.queue = settings.queueName();
    this.handlerSettings = settings.handlerSettings();
    this.isRoot = isRoot;
    this.locks = locks;
  }

  /** Scripts of an operator, which also become events of the queue. */
  public static ScriptExecution onRoot(NodeSettings settings, ShortLocks locks) {
    return new ScriptExecution(settings, true, locks);
  }

  /** Scripts that arrive through the queue. */
  public static ScriptExecution onSubscriber(NodeSettings settings, ShortLocks locks) {
    return new ScriptExecution(settings, false, locks);
  }

  /**
   * Runs the scripts in their order. Afterwards the session has role {@code local} for the rest of
   * the transaction: application triggers fire, capture triggers do not.
   *
   * @throws ScriptFailure if the server refuses a statement
   * @throws UserError if a script must not run here, or its locks are not acquired in time
   */
  public void run(Connection db, List<Script> scripts) throws SQLException {
    List<String> tables = ScriptTables.named(db, scripts);
    ScriptSession session = ScriptSession.of(db);
    locks.run(
        db,
        tables,
        LockHolders.Mode.AGAINST_ALL,
        attempt -> {
          LondisteFunctions.setSessionReplicationRole(attempt, "local", true);
          for (Script script : scripts) {
            run(attempt, script, session);
          }
        });
  }

  private void run(Connection db, Script script, ScriptSession session) throws SQLException {
    String name = script.name();
    Reply start =
        LondisteFunctions.executeStart(
            db, queue, name, script.sql(), isRoot, script.attributes().orElse(null));
    if (start.isRefusal()) {
      throw new UserError(start.note(), "scripts are executed on the root: 'status' shows it");
    }
    say(start.note());
    if (start.code() > 200) {
      skipped(db, script);
      return;
    }
    ScriptAttributes attributes = ScriptAttributes.of(script);
    if (attributes.matches(db, queue)) {
      say(name + ": executing sql");
      List<ScriptStatement> statements =
          ScriptReader.statements(name, attributes.withLocalNames(script.sql(), db, queue));
      StructureUpkeep upkeep = StructureUpkeep.before(db, name);
      session.run(db, running -> execute(running, name, statements));
      LondisteFunctions.setSessionReplicationRole(
          db, "local", true); // a script may have changed it
      finish(db, name);
      upkeep.repair(db, handlerSettings);
    } else {
      say(name + ": This SQL does not need to run on this node.");
      finish(db, name);
    }
  }

  private void finish(Connection db, String name) throws SQLException {
    say(LondisteFunctions.executeFinish(db, queue, name).orThrow().note());
  }

  private void skipped(Connection db, Script script) throws SQLException {
    warn("Skipping execution of '" + script.name() + "'");
    Sql.first(
            db,
            "select execute_sql, execute_time from londiste.applied_execute where execute_file = ?",
            row -> new Executed(row.getString(1), row.getString(2)),
            script.name())
        .filter(earlier -> isRoot && !earlier.sql().equals(script.sql()))
        .ifPresent(
            earlier ->
                warn(
                    script.name()
                        + ": the script of this name that was executed at "
                        + earlier.time()
                        + " had another text; to execute this one, give it another name"));
  }

  private record Executed(String sql, String time) {}

  private void execute(Connection db, String name, List<ScriptStatement> statements)
      throws SQLException {
    for (ScriptStatement statement : statements) {
      switch (statement.transactionControl()) {
        case NONE -> execute(db, name, statement);
        // Londiste accepts it on its root. Here the batch is the transaction.
        case FRAME ->
            warn(
                "%s, line %d: %s is left out".formatted(name, statement.line(), statement.brief()));
        case END -> throw statement.transactionError(name);
      }
    }
  }

  private void execute(Connection db, String name, ScriptStatement statement) throws SQLException {
    try {
      if (statement.data() == null) {
        execute(db, statement.sql());
      } else {
        copy(db, statement.sql(), statement.data());
      }
    } catch (SQLException e) {
      throw ScriptFailure.of(name, statement, e);
    }
  }

  private static void execute(Connection db, String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(ROWS_AT_ONCE);
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            // A query is executed for its effects; its rows are not kept.
          }
        }
      }
    }
  }

  private static void copy(Connection db, String sql, String rows) throws SQLException {
    byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
    try (CopyInput copy = CopyInput.start(db, sql)) {
      copy.write(bytes, 0, bytes.length);
      copy.end();
    }
  }

  private void say(String line) {
    if (logged.add(line)) {
      log.info("{}", line);
    }
  }

  private void warn(String line) {
    if (logged.add(line)) {
      log.warn("{}", line);
    }
  }
}

package dev.jlondiste.admin.queues;

import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.MissingObject;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds, removes and lists the tables and sequences of a node by calls of its database functions
 * alone. Unlike {@code londiste3 add-table}, it does not check other nodes, wait, or create tables.
 */
public final class LocalObjects {
  /** A call of a database function for one object. */
  @FunctionalInterface
  private interface Call {
    Reply on(TableName name) throws SQLException;
  }

  /** An object, and the reply of the database. */
  public record Answer(TableName name, Reply reply) {}

  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

  private LocalObjects() {}

  /**
   * Adds tables. {@code arguments} are passed to {@code londiste.local_add_table}, which uses some
   * of them itself and passes the others to the trigger.
   */
  public static List<Answer> addTables(
      Connection db, String queue, List<TableName> tables, List<String> arguments)
      throws SQLException {
    return callWithLocks(
        db,
        tables,
        table -> LondisteFunctions.localAddTable(db, queue, table, arguments, null, null));
  }

  /** Locks all tables together before the calls, which create or drop triggers. */
  private static List<Answer> callWithLocks(Connection db, List<TableName> tables, Call call)
      throws SQLException {
    return ShortLocks.of(LOCK_TIMEOUT, new StopSignal())
        .call(
            db,
            tables.stream().map(TableName::quoted).toList(),
            LockHolders.Mode.AGAINST_ALL,
            attempt -> callAll(attempt, tables, call));
  }

  public static List<Answer> removeTables(Connection db, String queue, List<TableName> tables)
      throws SQLException {
    return callWithLocks(db, tables, table -> LondisteFunctions.localRemoveTable(db, queue, table));
  }

  public static List<Answer> addSequences(Connection db, String queue, List<TableName> sequences)
      throws SQLException {
    return callAll(db, sequences, name -> LondisteFunctions.localAddSequence(db, queue, name));
  }

  public static List<Answer> removeSequences(Connection db, String queue, List<TableName> sequences)
      throws SQLException {
    return callAll(db, sequences, name -> LondisteFunctions.localRemoveSequence(db, queue, name));
  }

  /** Throws on the first refusal, so that the caller rolls back all calls. */
  private static List<Answer> callAll(Connection db, List<TableName> names, Call call)
      throws SQLException {
    Presence.requireSchema(db, "londiste");
    List<Answer> answers = new ArrayList<>();
    for (TableName name : names) {
      Reply reply = call.on(name);
      if (reply.isRefusal()) {
        throw new UserError(
            "%s: %d %s".formatted(name, reply.code(), reply.note()),
            names.size() > 1
                ? "nothing was changed; the other objects are not changed either"
                : null);
      }
      answers.add(new Answer(name, reply));
    }
    return answers;
  }

  /** The tables of the node, and those that are known on the queue. */
  public static List<TableInfo> tables(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "londiste");
    return LondisteFunctions.getTables(db, queue);
  }

  /** As {@link #tables}. */
  public static List<SequenceInfo> sequences(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "londiste");
    return LondisteFunctions.getSequences(db, queue);
  }

  /** Objects of the database that are not replicated. */
  public static List<MissingObject> missing(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "londiste");
    return LondisteFunctions.showMissing(db, queue);
  }
}

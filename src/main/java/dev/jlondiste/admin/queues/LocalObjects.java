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
 * Tables and sequences of a node, by the database functions alone: without looking at other nodes,
 * waiting, or creating anything as {@code londiste3 add-table} does.
 */
public final class LocalObjects {
  /** What is to happen to an object. */
  @FunctionalInterface
  private interface Call {
    Reply on(TableName name) throws SQLException;
  }

  /** An object, and what the database answered. */
  public record Answer(TableName name, Reply reply) {}

  private static final Duration WAIT_FOR_TABLES = Duration.ofSeconds(10);

  private LocalObjects() {}

  /** Also passes {@code arguments} to the trigger, or to the function, which takes its own. */
  public static List<Answer> addTables(
      Connection db, String queue, List<TableName> tables, List<String> arguments)
      throws SQLException {
    return locked(
        db,
        tables,
        table -> LondisteFunctions.localAddTable(db, queue, table, arguments, null, null));
  }

  /** Their triggers need locks: those of all tables together, or none. */
  private static List<Answer> locked(Connection db, List<TableName> tables, Call call)
      throws SQLException {
    return ShortLocks.of(WAIT_FOR_TABLES, new StopSignal())
        .call(
            db,
            tables.stream().map(TableName::quoted).toList(),
            LockHolders.Mode.AGAINST_ALL,
            attempt -> all(attempt, tables, call));
  }

  public static List<Answer> removeTables(Connection db, String queue, List<TableName> tables)
      throws SQLException {
    return locked(db, tables, table -> LondisteFunctions.localRemoveTable(db, queue, table));
  }

  public static List<Answer> addSequences(Connection db, String queue, List<TableName> sequences)
      throws SQLException {
    return all(db, sequences, name -> LondisteFunctions.localAddSequence(db, queue, name));
  }

  public static List<Answer> removeSequences(Connection db, String queue, List<TableName> sequences)
      throws SQLException {
    return all(db, sequences, name -> LondisteFunctions.localRemoveSequence(db, queue, name));
  }

  /** A refusal is thrown, for the caller to roll all of them back. */
  private static List<Answer> all(Connection db, List<TableName> names, Call call)
      throws SQLException {
    Presence.requireSchema(db, "londiste");
    List<Answer> answers = new ArrayList<>();
    for (TableName name : names) {
      Reply reply = call.on(name);
      if (reply.isRefusal()) {
        throw new UserError(
            "%s: %d %s".formatted(name, reply.code(), reply.note()),
            names.size() > 1 ? "nothing was changed, the other objects neither" : null);
      }
      answers.add(new Answer(name, reply));
    }
    return answers;
  }

  /** Those of the node, and those it could have. */
  public static List<TableInfo> tables(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "londiste");
    return LondisteFunctions.getTables(db, queue);
  }

  /** As {@link #tables}. */
  public static List<SequenceInfo> sequences(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "londiste");
    return LondisteFunctions.getSequences(db, queue);
  }

  /** What could be added. */
  public static List<MissingObject> missing(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "londiste");
    return LondisteFunctions.showMissing(db, queue);
  }
}

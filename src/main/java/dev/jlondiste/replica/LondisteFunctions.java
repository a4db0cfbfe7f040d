package dev.jlondiste.replica;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions of schema {@code londiste}, one method per SQL function. Stateless; the caller owns
 * the transaction.
 */
public final class LondisteFunctions {
  private static final String TABLE_COLUMNS =
      """
      select table_name, local, merge_state, custom_snapshot, table_attrs, dropped_ddl,
             copy_role, copy_pos, dest_table
      """;

  /** One row of nulls when there are no tables. */
  private static final String AS_REPLICA =
      """
        from (select londiste.set_session_replication_role('replica', true) offset 0) role
        left join londiste.get_table_list(?) on true
      """;

  private LondisteFunctions() {}

  /**
   * How a table's changes are captured into the queue.
   *
   * @param capture statement, row, compatible or none
   * @param reason why capture is per row; null otherwise
   * @param stale true if the table has changed since its triggers were created
   */
  public record CaptureInfo(
      TableName table, String capture, @Nullable String reason, boolean stale) {}

  /**
   * True if the database can create native triggers. The functions of Londiste create only
   * compatible triggers.
   */
  public static boolean hasNativeCapture(Connection db) throws SQLException {
    return Sql.one(
        db,
        "select to_regprocedure('londiste._capture_status(text)') is not null",
        row -> row.getBoolean(1));
  }

  /** Returns the capture of the local tables; empty where the database has no native capture. */
  public static List<CaptureInfo> captures(Connection db, String queue) throws SQLException {
    if (!hasNativeCapture(db)) {
      return List.of();
    }
    return Sql.list(
        db,
        "select table_name, capture, reason, stale from londiste._capture_status(?)",
        row ->
            new CaptureInfo(
                TableName.parse(row.getString(1)),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4)),
        queue);
  }

  /** Returns the capture requested for a table's native triggers; empty if it has none. */
  public static Optional<String> requestedCapture(Connection db, String queue, TableName table)
      throws SQLException {
    return Sql.first(
        db,
        "select r.capture from londiste._capture_requested(?, ?) r (capture)"
            + " where r.capture is not null",
        row -> row.getString(1),
        queue,
        table.full());
  }

  /**
   * Recreates a table's triggers.
   *
   * @param capture the requested capture; null keeps the present one
   */
  public static Reply regenerateTriggers(
      Connection db, String queue, TableName table, @Nullable String capture) throws SQLException {
    return call(
        db, "select * from londiste._regenerate_triggers(?, ?, ?)", queue, table.full(), capture);
  }

  /**
   * Returns the names of the partitioned tables some of whose partitions are new or gone; empty
   * where the database follows no partitions.
   */
  public static List<TableName> changedPartitionedTables(Connection db, String queue)
      throws SQLException {
    boolean possible =
        Sql.one(
            db,
            "select to_regprocedure('londiste._follow_partitions(text)') is not null",
            row -> row.getBoolean(1));
    return possible
        ? Sql.list(
            db,
            "select distinct table_name from londiste._partition_changes(?) order by 1",
            row -> TableName.parse(row.getString(1)),
            queue)
        : List.of();
  }

  /**
   * Something that was done with a partition.
   *
   * @param isWarning true if an operator has to do something
   */
  public record PartitionNote(TableName table, boolean isWarning, String text) {}

  /** Follows the partitions of {@link #changedPartitionedTables}. */
  public static List<PartitionNote> followPartitions(Connection db, String queue)
      throws SQLException {
    return Sql.list(
        db,
        "select table_name, note_level, note from londiste._follow_partitions(?)",
        row ->
            new PartitionNote(
                TableName.parse(row.getString(1)),
                row.getString(2).equals("warning"),
                row.getString(3)),
        queue);
  }

  /** Returns the tables in the order in which they were registered. */
  public static List<TableInfo> getTables(Connection db, String queue) throws SQLException {
    return Sql.list(
        db, TABLE_COLUMNS + "from londiste.get_table_list(?)", LondisteFunctions::readTable, queue);
  }

  /**
   * As {@link #getTables}; in the same round trip it sets the session replication role {@code
   * replica} for the rest of the transaction.
   */
  public static List<TableInfo> getTablesAsReplica(Connection db, String queue)
      throws SQLException {
    return Sql.list(
            db,
            TABLE_COLUMNS + AS_REPLICA,
            row ->
                row.getString("table_name") == null
                    ? Optional.<TableInfo>empty()
                    : Optional.of(readTable(row)),
            queue)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** False if the role may not be set or the schema does not exist. */
  static boolean canSetRole(Connection db) throws SQLException {
    return Sql.one(
        db,
        "select to_regprocedure('londiste.set_session_replication_role(text, boolean)') is not null",
        row -> row.getBoolean(1));
  }

  /** Sets the role for the rest of the session if the transaction commits. */
  static void becomeReplica(Connection db) throws SQLException {
    Sql.run(db, "select londiste.set_session_replication_role('replica', false)");
  }

  static TableInfo readTable(ResultSet row) throws SQLException {
    TableName name = TableName.parse(row.getString("table_name"));
    String destination = row.getString("dest_table");
    String attributes = row.getString("table_attrs");
    return new TableInfo(
        name,
        row.getBoolean("local"),
        TableState.parse(row.getString("merge_state")),
        Optional.ofNullable(row.getString("custom_snapshot")).map(TxidSnapshot::parse),
        attributes == null ? java.util.Map.of() : UrlEncoding.decodeDictionary(attributes),
        Optional.ofNullable(row.getString("dropped_ddl")),
        Optional.ofNullable(row.getString("copy_role")),
        row.getInt("copy_pos"),
        destination == null ? name : TableName.parse(destination));
  }

  public static List<SequenceInfo> getSequences(Connection db, String queue) throws SQLException {
    return Sql.list(
        db,
        "select seq_name, last_value, local from londiste.get_seq_list(?)",
        row ->
            new SequenceInfo(TableName.parse(row.getString(1)), row.getLong(2), row.getBoolean(3)),
        queue);
  }

  public static Reply globalAddTable(Connection db, String queue, TableName table)
      throws SQLException {
    return call(db, "select * from londiste.global_add_table(?, ?)", queue, table.full());
  }

  public static Reply globalRemoveTable(Connection db, String queue, TableName table)
      throws SQLException {
    return call(db, "select * from londiste.global_remove_table(?, ?)", queue, table.full());
  }

  /**
   * Attaches a table to this node.
   *
   * @param triggerArguments options of the function and arguments of the trigger, in any order
   * @param attributes URL-encoded dictionary; null for none
   * @param destination the local table; null if it has the queue-wide name
   */
  public static Reply localAddTable(
      Connection db,
      String queue,
      TableName table,
      List<String> triggerArguments,
      @Nullable String attributes,
      @Nullable TableName destination)
      throws SQLException {
    return call(
        db,
        "select * from londiste.local_add_table(?, ?, ?, ?, ?)",
        queue,
        table.full(),
        triggerArguments,
        attributes,
        destination == null ? null : destination.full());
  }

  public static Reply localRemoveTable(Connection db, String queue, TableName table)
      throws SQLException {
    return call(db, "select * from londiste.local_remove_table(?, ?)", queue, table.full());
  }

  /** Sets the merge state of a table. A null snapshot clears the stored one. */
  public static Reply setTableState(
      Connection local,
      String queue,
      TableName table,
      @Nullable TxidSnapshot snapshot,
      TableState state)
      throws SQLException {
    return call(
        local,
        "select * from londiste.local_set_table_state(?, ?, ?, ?)",
        queue,
        table.full(),
        snapshot == null ? null : snapshot.text(),
        state.sqlText());
  }

  /** Stores the statements that restore what a copy has dropped; null for none. */
  public static Reply setTableStructure(
      Connection local, String queue, TableName table, @Nullable String droppedDdl)
      throws SQLException {
    return call(
        local,
        "select * from londiste.local_set_table_struct(?, ?, ?)",
        queue,
        table.full(),
        droppedDdl);
  }

  /** Replaces the URL-encoded attributes of a local table. */
  public static Reply setTableAttributes(
      Connection local, String queue, TableName table, @Nullable String attributes)
      throws SQLException {
    return call(
        local,
        "select * from londiste.local_set_table_attrs(?, ?, ?)",
        queue,
        table.full(),
        attributes);
  }

  /** Replaces the attributes of a local table and recreates its triggers. */
  /** Drops the triggers that capture or refuse changes of a table. */
  public static void dropTableTriggers(Connection local, String queue, TableName table)
      throws SQLException {
    Sql.list(local, "select londiste.drop_table_triggers(?, ?)", row -> true, queue, table.full());
  }

  public static Reply changeHandler(
      Connection local,
      String queue,
      TableName table,
      List<String> triggerArguments,
      @Nullable String attributes)
      throws SQLException {
    return call(
        local,
        "select * from londiste.local_change_handler(?, ?, ?, ?)",
        queue,
        table.full(),
        triggerArguments,
        attributes);
  }

  /** A table (kind {@code r}) or sequence (kind {@code S}) that is not replicated locally. */
  public record MissingObject(String kind, TableName name) {}

  public static List<MissingObject> showMissing(Connection db, String queue) throws SQLException {
    return Sql.list(
        db,
        "select obj_kind, obj_name from londiste.local_show_missing(?)",
        row -> new MissingObject(row.getString(1), TableName.parse(row.getString(2))),
        queue);
  }

  public static Reply localAddSequence(Connection db, String queue, TableName sequence)
      throws SQLException {
    return call(db, "select * from londiste.local_add_seq(?, ?)", queue, sequence.full());
  }

  public static Reply localRemoveSequence(Connection db, String queue, TableName sequence)
      throws SQLException {
    return call(db, "select * from londiste.local_remove_seq(?, ?)", queue, sequence.full());
  }

  public static Reply globalUpdateSequence(
      Connection db, String queue, TableName sequence, long value) throws SQLException {
    return call(
        db, "select * from londiste.global_update_seq(?, ?, ?)", queue, sequence.full(), value);
  }

  public static Reply globalRemoveSequence(Connection db, String queue, TableName sequence)
      throws SQLException {
    return call(db, "select * from londiste.global_remove_seq(?, ?)", queue, sequence.full());
  }

  public static Reply rootCheckSequences(Connection root, String queue) throws SQLException {
    return call(root, "select * from londiste.root_check_seqs(?)", queue);
  }

  /**
   * Begins a script. A code above 200 means that it was executed here before and must be skipped.
   */
  public static Reply executeStart(
      Connection db,
      String queue,
      String file,
      String sql,
      boolean expectRoot,
      @Nullable String attributes)
      throws SQLException {
    return call(
        db,
        "select * from londiste.execute_start(?, ?, ?, ?, ?)",
        queue,
        file,
        sql,
        expectRoot,
        attributes);
  }

  public static Reply executeFinish(Connection db, String queue, String file) throws SQLException {
    return call(db, "select * from londiste.execute_finish(?, ?)", queue, file);
  }

  /** Sets {@code replica}, {@code local} or {@code origin} for the session or the transaction. */
  public static void setSessionReplicationRole(Connection db, String role, boolean inTransaction)
      throws SQLException {
    Sql.run(db, "select londiste.set_session_replication_role(?, ?)", role, inTransaction);
  }

  /** Drops a foreign key and records it in {@code londiste.pending_fkeys}. */
  public static void dropForeignKey(Connection local, TableName from, String name)
      throws SQLException {
    Sql.run(local, "select londiste.drop_table_fkey(?, ?)", from.full(), name);
  }

  /**
   * Returns the statement to execute and commit before the next call; empty if the key is restored.
   */
  public static Optional<String> restoreForeignKey(Connection local, TableName from, String name)
      throws SQLException {
    return Sql.one(
        local,
        "select londiste.restore_table_fkey(?, ?, true)",
        row -> Optional.ofNullable(row.getString(1)).filter(sql -> !sql.isEmpty()),
        from.full(),
        name);
  }

  private static Reply call(Connection db, String sql, @Nullable Object... parameters)
      throws SQLException {
    return NodeFunctions.call(db, sql, parameters);
  }
}

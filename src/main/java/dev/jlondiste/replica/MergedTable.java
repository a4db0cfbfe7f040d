package dev.jlondiste.replica;

import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.handler.TableHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A local table and the queues that feed it: all leaves and branches of this database that have the
 * table attached and the same combined queue, or none. Their first copies cooperate, see {@link
 * dev.jlondiste.replica.copy.CopyTurn}. A table that only one queue feeds has one part.
 *
 * @param parts in the order of the queues' names
 */
public record MergedTable(List<Part> parts) {
  /**
   * Marks {@code dropped_ddl} of a table whose rows are unfinished: the owner has to empty the
   * table before it runs the statements. The SQL functions know this text, too.
   */
  public static final String UNFINISHED = "/* split copy */ ";

  private static final String COLUMNS =
      """
      select t.queue_name, n.worker_name, s.cur_error is not null as failing,
             t.table_name, t.local, t.merge_state, t.custom_snapshot, t.table_attrs, t.dropped_ddl,
             null as copy_role, 0 as copy_pos, t.dest_table
      """;
  private static final String PARTS =
      COLUMNS
          + """
              from londiste.table_info t
              join pgq_node.node_info n on n.queue_name = t.queue_name
              join pgq_node.node_info o on o.queue_name = ?
              left join pgq_node.local_state s
                on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
             where t.local and coalesce(t.dest_table, t.table_name) = ?
               and n.node_type <> 'root'
               and n.combined_queue is not distinct from o.combined_queue
             order by t.queue_name
            """;
  private static final String LOCKED_PARTS = PARTS + " for update of t";

  /** Merge leaves behind a combined branch do not write: their rows arrive through the branch. */
  private static final String OTHER_WRITERS =
      """
      select t.queue_name
        from londiste.table_info t
        join pgq_node.node_info n on n.queue_name = t.queue_name
        join pgq_node.node_info o on o.queue_name = ?
        left join pgq_node.node_info c on c.queue_name = n.combined_queue
       where t.local and coalesce(t.dest_table, t.table_name) = ?
         and t.queue_name <> o.queue_name
         and n.node_type <> 'root'
         and n.combined_queue is distinct from o.combined_queue
         and c.node_type is distinct from 'branch'
       order by t.queue_name
      """;

  private static final String INCOMPLETE =
      """
      select t.queue_name
        from londiste.table_info t
        join pgq_node.node_info n on n.queue_name = t.queue_name
       where t.local and coalesce(t.dest_table, t.table_name) = ?
         and n.node_type = 'leaf' and n.combined_queue = ?
         and (t.merge_state is null or t.merge_state <> 'ok')
       order by t.queue_name
      """;

  public MergedTable {
    parts = List.copyOf(parts);
  }

  /**
   * The table as one queue feeds it.
   *
   * @param worker name of the queue's worker in this database
   * @param isFailing true if that worker cannot continue at present
   */
  public record Part(String queue, TableInfo table, String worker, boolean isFailing) {
    /** True if the rows of this queue's source are in the table. */
    public boolean isCopied() {
      TableState.Phase phase = table.state().phase();
      return phase != TableState.Phase.MISSING && phase != TableState.Phase.IN_COPY;
    }

    public boolean isInCopy() {
      return table.state().phase() == TableState.Phase.IN_COPY;
    }

    /** True if the table has to be emptied before any queue copies rows to it. */
    public boolean isUnfinished() {
      return table.droppedDdl().filter(ddl -> ddl.startsWith(UNFINISHED)).isPresent();
    }

    /** True if this part's copy has dropped keys and indexes that are not restored yet. */
    public boolean hasDropped() {
      return table.droppedDdl().isPresent();
    }

    /** True if one of our workers runs for the queue. Londiste's own worker is not detected. */
    public boolean isRunning(Connection here) throws SQLException {
      return NodeLock.isHeld(here, queue, worker);
    }
  }

  /** Reads the parts of the table to which {@code queue} writes. */
  public static MergedTable of(Connection here, String queue, TableName destination)
      throws SQLException {
    return read(here, PARTS, queue, destination);
  }

  /** As {@link #of}, and locks their rows until the transaction ends. */
  public static MergedTable lock(Connection here, String queue, TableName destination)
      throws SQLException {
    return read(here, LOCKED_PARTS, queue, destination);
  }

  private static MergedTable read(Connection here, String sql, String queue, TableName destination)
      throws SQLException {
    return new MergedTable(
        Sql.list(here, sql, MergedTable::part, queue, destination.full()).stream()
            .filter(part -> !part.table().isVirtual())
            .toList());
  }

  private static Part part(ResultSet row) throws SQLException {
    return new Part(
        row.getString("queue_name"),
        LondisteFunctions.readTable(row),
        row.getString("worker_name"),
        row.getBoolean("failing"));
  }

  /** Returns the queues that write to the table and do not cooperate with {@code queue}. */
  public static List<String> otherWriters(Connection here, String queue, TableName destination)
      throws SQLException {
    return Sql.list(here, OTHER_WRITERS, row -> row.getString(1), queue, destination.full());
  }

  /**
   * Returns the queues whose rows are not yet in a table of the combined queue {@code queue}. Rows
   * that are copied do not pass through the queue, so its subscribers must not copy the table
   * before.
   */
  public static List<String> incompleteParts(Connection there, String queue, TableName destination)
      throws SQLException {
    return Sql.list(there, INCOMPLETE, row -> row.getString(1), destination.full(), queue);
  }

  /** True if several queues feed the table. */
  public boolean isShared() {
    return parts.size() > 1;
  }

  /**
   * Throws UserError if several queues feed the table, and the handler of one of them does not
   * allow their copies to be merged. Otherwise rows with the same key would be copied twice.
   */
  public void requireMergedCopy(String queue) {
    if (!isShared()) {
      return;
    }
    for (Part part : parts) {
      String handler = part.table().handler();
      if (TableHandlers.find(handler).map(found -> !found.mergesCopies()).orElse(false)) {
        throw new UserError(
            "table %s has handler '%s' and the rows of several queues (%s): they cannot be copied"
                    .formatted(
                        part.table().destination(),
                        handler,
                        parts.stream().map(Part::queue).collect(Collectors.joining(", ")))
                + " together",
            copyHint(queue, part.table().name()));
      }
    }
  }

  private String copyHint(String queue, TableName name) {
    String elsewhere = others(queue).stream().map(Part::queue).collect(Collectors.joining(", "));
    return ("correct the rows by hand; or, if those of this queue's source are enough, remove-table %s"
            + " on the nodes of queue %s here, resync it on this one, and add it there again with"
            + " --expect-sync when it is in sync")
        .formatted(name, elsewhere);
  }

  public Optional<Part> part(String queue) {
    return parts.stream().filter(part -> part.queue().equals(queue)).findFirst();
  }

  public List<Part> others(String queue) {
    return parts.stream().filter(part -> !part.queue().equals(queue)).toList();
  }

  /** The part whose copy has dropped keys and indexes. */
  public Optional<Part> holder() {
    return parts.stream().filter(Part::hasDropped).findFirst();
  }

  /**
   * Starts the copies of all parts over, because one part cannot be copied again alone: its rows
   * cannot be told from those of the other queues, so the table has to be emptied. Locks the rows.
   *
   * @return the parts as they were
   */
  public static List<Part> restart(Connection here, String queue, TableName destination)
      throws SQLException {
    List<Part> parts = new ArrayList<>(lock(here, queue, destination).parts());
    for (Part part : parts) {
      TableName name = part.table().name();
      if (!part.hasDropped()) {
        LondisteFunctions.setTableState(here, part.queue(), name, null, TableState.MISSING)
            .orThrow();
        continue;
      }
      String ddl = part.table().droppedDdl().orElseThrow();
      // Only tables in copy may have dropped_ddl.
      LondisteFunctions.setTableState(here, part.queue(), name, null, TableState.IN_COPY).orThrow();
      LondisteFunctions.setTableStructure(
              here, part.queue(), name, part.isUnfinished() ? ddl : UNFINISHED + ddl)
          .orThrow();
    }
    return parts;
  }
}

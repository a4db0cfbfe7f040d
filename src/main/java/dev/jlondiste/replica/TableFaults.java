package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The faults of tables, stored in {@code londiste.table_fault} of the node's database. Databases
 * with the SQL of Londiste or of an older release do not have that table: nothing is stored there,
 * and callers log. Stateless; the caller owns the transaction.
 *
 * <p>Setting the state of a table to null (resync) or ok deletes its faults, so record a fault
 * after that.
 */
public final class TableFaults {
  private static final String EXISTS = "select to_regclass('londiste.table_fault') is not null";
  private static final String RECORD =
      """
      insert into londiste.table_fault
             (queue_name, table_name, kind, message, next_attempt, fault_attrs)
      select queue_name, table_name, ?, ?,
             clock_timestamp() + cast(? as double precision) * interval '1 second', ?
        from londiste.table_info
       where queue_name = ? and table_name = ? and local
          on conflict (queue_name, table_name, kind) do update
         set message = excluded.message, attempts = table_fault.attempts + 1,
             last_seen = excluded.last_seen, next_attempt = excluded.next_attempt,
             fault_attrs = excluded.fault_attrs
      """;
  private static final String LIST =
      """
      select table_name, kind, message, attempts, first_seen, last_seen,
             greatest(0, extract(epoch from next_attempt - clock_timestamp())) as pause,
             fault_attrs, next_attempt is null as forever
        from londiste.table_fault
       where queue_name = ?
       order by table_name, kind
      """;
  private static final String CLEAR =
      """
      delete from londiste.table_fault where queue_name = ? and table_name = ? and kind = ?
      """;

  /** Inserts a fault again that a change of the table's state has deleted. */
  private static final String RESTORE =
      """
      insert into londiste.table_fault
             (queue_name, table_name, kind, message, attempts, first_seen)
      values (?, ?, ?, ?, ?, ?::timestamptz)
          on conflict (queue_name, table_name, kind) do nothing
      """;

  private TableFaults() {}

  /** False on a database whose SQL cannot store faults. */
  public static boolean areKept(Connection local) throws SQLException {
    return Sql.one(local, EXISTS, row -> row.getBoolean(1));
  }

  /**
   * Stores one more failed attempt; does nothing for a table that is not local.
   *
   * @param pause the time until the next attempt; null if the table waits for an operator
   * @param attributes details such as the event; may be empty
   * @return false if the database cannot store faults
   */
  public static boolean record(
      Connection local,
      String queue,
      TableName table,
      TableFault.Kind kind,
      String message,
      @Nullable Duration pause,
      Map<String, String> attributes)
      throws SQLException {
    if (!areKept(local)) {
      return false;
    }
    Sql.run(
        local,
        RECORD,
        kind.sqlName(),
        message,
        pause == null ? null : pause.toMillis() / 1000.0,
        attributes.isEmpty() ? null : UrlEncoding.encode(attributes),
        queue,
        table.full());
    return true;
  }

  /** Returns the table's fault of that kind; empty also where faults are not stored. */
  public static Optional<TableFault> find(
      Connection local, String queue, TableName table, TableFault.Kind kind) throws SQLException {
    return list(local, queue).stream()
        .filter(fault -> fault.table().equals(table) && fault.kind() == kind)
        .findFirst();
  }

  /**
   * Stores one more attempt after {@code earlier} ones, which a change of the table's state in this
   * transaction may have deleted.
   *
   * @return false if the database cannot store faults
   */
  public static boolean recordAgain(
      Connection local,
      String queue,
      TableFault earlier,
      String message,
      @Nullable Duration pause,
      Map<String, String> attributes)
      throws SQLException {
    if (areKept(local)) {
      Sql.run(
          local,
          RESTORE,
          queue,
          earlier.table().full(),
          earlier.kind().sqlName(),
          earlier.message(),
          earlier.attempts(),
          earlier.firstSeen().toString());
    }
    return record(local, queue, earlier.table(), earlier.kind(), message, pause, attributes);
  }

  /** Returns all faults of the queue's tables by name; empty also where faults are not stored. */
  public static List<TableFault> list(Connection local, String queue) throws SQLException {
    return areKept(local) ? Sql.list(local, LIST, TableFaults::read, queue) : List.of();
  }

  /** Deletes the table's fault of that kind, if there is one. */
  public static void clear(Connection local, String queue, TableName table, TableFault.Kind kind)
      throws SQLException {
    if (areKept(local)) {
      Sql.run(local, CLEAR, queue, table.full(), kind.sqlName());
    }
  }

  private static TableFault read(ResultSet row) throws SQLException {
    String attributes = row.getString("fault_attrs");
    return new TableFault(
        TableName.parse(row.getString("table_name")),
        TableFault.Kind.parse(row.getString("kind")),
        row.getString("message"),
        row.getInt("attempts"),
        instant(row, "first_seen"),
        instant(row, "last_seen"),
        row.getBoolean("forever")
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(Math.round(row.getDouble("pause") * 1000))),
        attributes == null ? Map.of() : UrlEncoding.decodeDictionary(attributes));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}

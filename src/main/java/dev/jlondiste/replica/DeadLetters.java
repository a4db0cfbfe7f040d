package dev.jlondiste.replica;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events that were skipped, stored in {@code londiste.dead_letter} of the node's database.
 * Databases with the SQL of Londiste or of an older release do not have that table. Stateless; the
 * caller owns the transaction.
 */
public final class DeadLetters {
  private static final String ARE_KEPT =
      """
      select coalesce(has_table_privilege(to_regclass('londiste.dead_letter')::oid, 'insert'), false)
      """;

  private static final String ADD =
      """
      insert into londiste.dead_letter
             (queue_name, table_name, node_name, tick_id, ev_id, ev_time, ev_txid, ev_type,
              ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, error, sql_state,
              skipped_at, last_attempt)
      select queue_name, ?, node_name, ?, ?, ?::timestamptz, ?, ?, ?, ?, ?, ?, ?, ?, ?,
             clock_timestamp(), clock_timestamp()
        from pgq_node.node_info
       where queue_name = ?
      """;

  private static final String COLUMNS =
      """
      select id, table_name, node_name, tick_id, ev_id, ev_time::text, ev_txid, ev_type, ev_data,
             ev_extra1, ev_extra2, ev_extra3, ev_extra4, error, sql_state, attempts, skipped_at
        from londiste.dead_letter
       where queue_name = ?
      """;

  private static final String LIST =
      COLUMNS
          + """
             and (?::text[] is null or table_name = any (?::text[]))
             and (?::bigint[] is null or id = any (?::bigint[]))
             and id > ?
           order by id
           limit ?
          """;

  private static final String FAILED =
      """
      update londiste.dead_letter
         set error = ?, sql_state = ?, attempts = attempts + 1, last_attempt = clock_timestamp()
       where id = ?
      """;

  /** Changes with every letter that is added or deleted. */
  private static final String VERSION =
      """
      select count(*) || '/' || coalesce(max(id), 0)
        from londiste.dead_letter
       where queue_name = ?
      """;

  private DeadLetters() {}

  /** False on a database whose SQL cannot store events, and for a role that may not. */
  public static boolean areKept(Connection local) throws SQLException {
    return Sql.one(local, ARE_KEPT, row -> row.getBoolean(1));
  }

  /** The error where {@link #areKept} is false. */
  public static UserError unsupported(String what) {
    return new UserError(
        what + ": this database cannot store skipped events, it has no table londiste.dead_letter",
        "psql -f sql/install.sql installs this program's SQL in place of Londiste's or of an older"
            + " release");
  }

  /** Stores an event with its time and data. */
  static void add(
      Connection local,
      String queue,
      TableName table,
      long tick,
      Event event,
      String error,
      @Nullable String sqlState)
      throws SQLException {
    Sql.run(
        local,
        ADD,
        table.full(),
        tick,
        event.id(),
        event.time(),
        event.txid(),
        event.type(),
        event.data(),
        event.extra1(),
        event.extra2(),
        event.extra3(),
        event.extra4(),
        error,
        sqlState,
        queue);
  }

  /**
   * Which letters.
   *
   * @param tables of these tables; empty: of all
   * @param ids these letters; empty: all
   */
  public record Choice(Collection<TableName> tables, Collection<Long> ids) {
    /** All letters of the queue. */
    public static final Choice ALL = new Choice(List.of(), List.of());
  }

  /**
   * Returns letters in the order of their events' batches; empty where there are none.
   *
   * @param after only those with a higher id
   */
  public static List<DeadLetter> list(
      Connection local, String queue, Choice choice, long after, int limit) throws SQLException {
    @Nullable List<String> tables =
        choice.tables().isEmpty() ? null : choice.tables().stream().map(TableName::full).toList();
    @Nullable List<Long> ids = choice.ids().isEmpty() ? null : List.copyOf(choice.ids());
    return Sql.list(local, LIST, DeadLetters::read, queue, tables, tables, ids, ids, after, limit);
  }

  /** Returns a text that differs after any change of the set of letters; "0/0" without letters. */
  static String version(Connection local, String queue) throws SQLException {
    return Sql.one(local, VERSION, row -> row.getString(1), queue);
  }

  /** Returns the id of the last letter; 0 without letters. */
  static long lastId(Connection local, String queue) throws SQLException {
    return Sql.one(
        local,
        "select coalesce(max(id), 0) from londiste.dead_letter where queue_name = ?",
        row -> row.getLong(1),
        queue);
  }

  /** Returns the number of letters of the table. */
  static long count(Connection local, String queue, TableName table) throws SQLException {
    return Sql.one(
        local,
        "select count(*) from londiste.dead_letter where queue_name = ? and table_name = ?",
        row -> row.getLong(1),
        queue,
        table.full());
  }

  /** Records a further attempt that failed. */
  static void failed(Connection local, long id, String error, @Nullable String sqlState)
      throws SQLException {
    Sql.run(local, FAILED, error, sqlState, id);
  }

  /** Deletes a letter; false if it is not there. */
  static boolean delete(Connection local, long id) throws SQLException {
    return Sql.run(local, "delete from londiste.dead_letter where id = ?", id) > 0;
  }

  /**
   * Deletes letters and updates the marks of their tables, which stay: their rows are lost. The
   * caller has locked the position of the node.
   *
   * @return the number of letters
   */
  public static int purge(Connection local, String queue, Choice choice) throws SQLException {
    int deleted = 0;
    Set<TableName> tables = new LinkedHashSet<>();
    for (DeadLetter letter : list(local, queue, choice, 0, Integer.MAX_VALUE)) {
      deleted += delete(local, letter.id()) ? 1 : 0;
      tables.add(letter.table());
    }
    for (TableName table : tables) {
      SkipMark.update(local, queue, table, true);
    }
    return deleted;
  }

  /** Deletes all letters of the table and returns their number; 0 also where none are kept. */
  public static int deleteAll(Connection local, String queue, TableName table) throws SQLException {
    return areKept(local)
        ? Sql.run(
            local,
            "delete from londiste.dead_letter where queue_name = ? and table_name = ?",
            queue,
            table.full())
        : 0;
  }

  private static DeadLetter read(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getLong("id"),
        TableName.parse(row.getString("table_name")),
        row.getString("node_name"),
        row.getLong("tick_id"),
        new Event(
            row.getLong("ev_id"),
            row.getString("ev_time"),
            row.getLong("ev_txid"),
            null,
            row.getString("ev_type"),
            row.getString("ev_data"),
            row.getString("ev_extra1"),
            row.getString("ev_extra2"),
            row.getString("ev_extra3"),
            row.getString("ev_extra4")),
        row.getString("error"),
        Optional.ofNullable(row.getString("sql_state")),
        row.getInt("attempts"),
        row.getObject("skipped_at", OffsetDateTime.class).toInstant());
  }
}

package dev.jlondiste.admin.queues;

import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates, configures, lists and drops queues. */
public final class QueueAdministration {
  private static final String CREATE = "select pgq.create_queue(?)";
  private static final String DROP = "select pgq.drop_queue(?)";
  private static final String CONFIGURE = "select pgq.set_queue_config(?, ?, ?)";
  private static final String INFO =
      """
      select queue_name, queue_ntables, queue_cur_table, queue_rotation_period,
             queue_external_ticker, queue_ticker_paused, queue_ticker_max_count,
             queue_ticker_max_lag, queue_ticker_idle_period,
             date_trunc('milliseconds', ticker_lag) as ticker_lag,
             round(ev_per_sec::numeric, 2) as ev_per_sec, ev_new
        from pgq.get_queue_info()
       where queue_name = coalesce(?, queue_name)
       order by queue_name
      """;
  private static final String NODE_OF_QUEUE =
      "select node_name from pgq_node.node_info where queue_name = ?";

  private static final String EVENT_TABLES =
      """
      select queue_data_pfx || '_' || nr::text
        from pgq.queue, pg_catalog.generate_series(0, queue_ntables - 1) nr
       where queue_name = ?
       order by nr
      """;
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

  private QueueAdministration() {}

  /** Creates a queue. Returns false, and changes nothing, if it exists. */
  public static boolean create(Connection db, String queue) throws SQLException {
    Presence.requireSchema(db, "pgq");
    if (queue.isBlank()) {
      throw new UserError("invalid queue name: \"" + queue + "\"", "the name must not be blank");
    }
    return Sql.one(db, CREATE, row -> row.getInt(1) == 1, queue);
  }

  /** Drops a queue. Throws {@link UserError} if it has consumers, or belongs to a cascade. */
  public static void drop(Connection db, String queue) throws SQLException {
    Presence.requireQueue(db, queue);
    requireNoNode(db, queue);
    List<String> consumers =
        ConsumerAdministration.list(db, Optional.of(queue), Optional.empty()).stream()
            .map(ConsumerOverview::consumer)
            .toList();
    if (!consumers.isEmpty()) {
      throw new UserError(
          "cannot drop queue \"%s\", consumers are still registered: %s"
              .formatted(queue, String.join(", ", consumers)),
          "stop them, then run: unregister consumer * from %s;".formatted(queue));
    }
    ShortLocks.of(LOCK_TIMEOUT, new StopSignal())
        .run(
            db,
            Sql.list(db, EVENT_TABLES, row -> row.getString(1), queue),
            LockHolders.Mode.AGAINST_ALL,
            attempt -> Sql.run(attempt, DROP, queue));
  }

  /** Refuses to drop the queue of a node, because every write to the node's tables would fail. */
  private static void requireNoNode(Connection db, String queue) throws SQLException {
    if (!Presence.hasSchema(db, "pgq_node")) {
      return;
    }
    Optional<String> node = Sql.first(db, NODE_OF_QUEUE, row -> row.getString(1), queue);
    if (node.isPresent()) {
      throw new UserError(
          "cannot drop queue \"%s\", it belongs to node '%s' of a cascade"
              .formatted(queue, node.get()),
          "drop the node with its ini file: londiste3 NODE.ini drop-node " + node.get());
    }
  }

  /**
   * Sets all of {@code changes} on each of {@code queues}. All values are checked before anything
   * is changed.
   */
  public static void configure(Connection db, List<String> queues, List<SettingChange> changes)
      throws SQLException {
    for (String queue : queues) {
      Presence.requireQueue(db, queue);
    }
    for (SettingChange change : changes) {
      check(db, change);
    }
    for (String queue : queues) {
      for (SettingChange change : changes) {
        Sql.run(db, CONFIGURE, queue, change.setting().parameter(), change.value());
      }
    }
  }

  private static void check(Connection db, SettingChange change) throws SQLException {
    QueueSetting.Kind kind = change.setting().kind();
    String condition = kind == QueueSetting.Kind.SWITCH ? "is not null" : ">= '0'";
    String sql = "select ?::%1$s %2$s".formatted(kind.type(), condition);
    try {
      if (Sql.one(db, sql, row -> row.getBoolean(1), change.value())) {
        return;
      }
    } catch (SQLException e) {
      if (!SqlFaults.state(e).startsWith("22")) { // class "data exception"
        throw e;
      }
      throw invalidValue(change, e);
    }
    throw invalidValue(change, null);
  }

  private static UserError invalidValue(SettingChange change, @Nullable SQLException cause) {
    QueueSetting setting = change.setting();
    String problem =
        "%s cannot be '%s', nothing was changed".formatted(setting.shortName(), change.value());
    String hint = setting.shortName() + " is " + setting.kind().description();
    return cause == null ? new UserError(problem, hint) : new UserError(problem, hint, cause);
  }

  /** Lists all queues, or one. Throws {@link UserError} if it does not exist. */
  public static List<QueueOverview> list(Connection db, Optional<String> queue)
      throws SQLException {
    Presence.requireSchema(db, "pgq");
    if (queue.isPresent()) {
      Presence.requireQueue(db, queue.get());
    }
    return Sql.list(db, INFO, QueueAdministration::read, queue.orElse(null));
  }

  private static QueueOverview read(ResultSet row) throws SQLException {
    return new QueueOverview(
        row.getString("queue_name"),
        row.getInt("queue_ntables"),
        row.getInt("queue_cur_table"),
        row.getString("queue_rotation_period"),
        row.getBoolean("queue_external_ticker"),
        row.getBoolean("queue_ticker_paused"),
        row.getInt("queue_ticker_max_count"),
        row.getString("queue_ticker_max_lag"),
        row.getString("queue_ticker_idle_period"),
        row.getString("ticker_lag"),
        row.getString("ev_per_sec"),
        row.getObject("ev_new", Long.class));
  }
}

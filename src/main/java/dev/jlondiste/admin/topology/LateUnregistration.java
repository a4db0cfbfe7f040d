package dev.jlondiste.admin.topology;

import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Detects events of a dropped node that a branch has not processed yet. A branch that processes
 * such an event removes the subscriber of that name, even if it is a new node that reuses the name.
 */
final class LateUnregistration {
  /**
   * The first transaction that the branch may not have seen. Event tables are indexed by
   * transaction.
   */
  private static final String FIRST_UNSEEN =
      """
      select q.queue_data_pfx, txid_snapshot_xmin(t.tick_snapshot)
        from pgq.queue q join pgq.tick t on t.tick_queue = q.queue_id
       where q.queue_name = ? and t.tick_id = ?
      """;

  private final String queue;
  private final String name;

  LateUnregistration(String queue, String name) {
    this.queue = queue;
    this.name = name;
  }

  private record Unseen(String events, long transaction) {}

  /** True when the root's queue holds such an event that the branch has not processed. */
  boolean isAhead(ReachedNode root, NodeInfo branch) throws SQLException {
    OptionalLong tick = branch.lastTick();
    if (tick.isEmpty()) {
      return false;
    }
    return root.database()
        .call(
            db -> {
              Optional<Unseen> unseen =
                  Sql.first(
                      db,
                      FIRST_UNSEEN,
                      row -> new Unseen(row.getString(1), row.getLong(2)),
                      queue,
                      tick.getAsLong());
              if (unseen.isEmpty()) {
                return false;
              }
              return Sql.one(
                  db,
                  """
                  select exists (select 1 from %s
                                  where ev_txid >= ? and ev_type = 'pgq.unregister-location'
                                    and ev_data = ?
                                    and not txid_visible_in_snapshot(ev_txid,
                                        (select t.tick_snapshot
                                           from pgq.tick t join pgq.queue q
                                             on q.queue_id = t.tick_queue
                                          where q.queue_name = ? and t.tick_id = ?)))
                  """
                      .formatted(table(unseen.get().events())),
                  row -> row.getBoolean(1),
                  unseen.get().transaction(),
                  name,
                  queue,
                  tick.getAsLong());
            });
  }

  private static String table(String fullName) {
    int dot = fullName.indexOf('.');
    return Quoting.identifier(fullName.substring(0, dot))
        + "."
        + Quoting.identifier(fullName.substring(dot + 1));
  }
}

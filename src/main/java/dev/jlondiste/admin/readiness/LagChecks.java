package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The new node is close behind the old one, by the clock of the old one. */
final class LagChecks {
  /** A ticker may be late by this. */
  private static final Duration TICK_GRACE = Duration.ofMinutes(1);

  private static final String POSITION =
      """
      select extract(epoch from q.ticker_lag) as tick_age,
             extract(epoch from q.ticker_lag - k.queue_ticker_idle_period) as overdue,
             last.tick_id as last_tick,
             extract(epoch from current_timestamp - next.tick_time) as behind
        from pgq.get_queue_info(?) q
        join pgq.queue k on k.queue_name = q.queue_name
        left join lateral (select t.tick_id
                             from pgq.tick t
                            where t.tick_queue = k.queue_id
                            order by t.tick_id desc
                            limit 1) last on true
        left join pgq.tick done on done.tick_queue = k.queue_id and done.tick_id = ?
        left join lateral (select t.tick_time
                             from pgq.tick t
                            where t.tick_queue = k.queue_id and t.tick_id > done.tick_id
                            order by t.tick_id
                            limit 1) next on true
      """;

  private LagChecks() {}

  static void run(
      Connection oldNode,
      String queue,
      NodeSide old,
      String fresh,
      long completed,
      ReadinessOptions options,
      Findings findings)
      throws SQLException {
    record Position(double tickAge, double overdue, long lastTick, double behind) {}
    Position position =
        Sql.first(
                oldNode,
                POSITION,
                row ->
                    new Position(
                        row.getDouble("tick_age"),
                        row.getDouble("overdue"),
                        row.getLong("last_tick"),
                        row.getObject("behind") == null
                            ? Double.POSITIVE_INFINITY
                            : row.getDouble("behind")),
                queue,
                completed)
            .orElse(new Position(0, 0, 0, 0));
    if (old.node().isRoot() && position.overdue() > TICK_GRACE.toSeconds()) {
      findings.blocker(
          Check.LAG,
          "the last tick on root '%s' is %d s old: is its ticker running?"
              .formatted(old.name(), Math.round(position.tickAge())),
          "start pgqd, or the root's daemon with ticker = 1");
    }
    if (completed < position.lastTick() && position.behind() * 1000 > options.maxLag().toMillis()) {
      findings.blocker(
          Check.LAG,
          "node '%s' is behind node '%s' %s, at tick %d of %d"
              .formatted(
                  fresh,
                  old.name(),
                  Double.isInfinite(position.behind())
                      ? "by more ticks than that one keeps"
                      : "by " + Math.round(position.behind()) + " s",
                  completed,
                  position.lastTick()),
          "'wait-root' waits until it has caught up");
    }
  }
}

package dev.jlondiste.contract.pgqcoop;

import dev.jlondiste.contract.OptionalSchemaContract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queues whose consumer {@code main} has sub-consumers. */
abstract class CoopContract extends OptionalSchemaContract {
  /** A queue with sub-consumers of its consumer {@code main}. */
  void queue(String queue, String... subconsumers) {
    value("select pgq.create_queue(?)", queue);
    for (String subconsumer : subconsumers) {
      value("select pgq_coop.register_subconsumer(?, 'main', ?)", queue, subconsumer);
    }
  }

  /** One event and a tick after it: a batch. */
  void event(String queue, String data) {
    value("select pgq.insert_event(?, 'type', ?)", queue, data);
    value("select pgq.force_tick(?)", queue);
    value("select pgq.ticker(?)", queue);
  }

  @Nullable String next(String queue, String subconsumer) {
    return value("select pgq_coop.next_batch(?, 'main', ?)", queue, subconsumer);
  }

  @Nullable String nextOf(String queue, String subconsumer, String deadInterval) {
    return nextIn(session(), queue, subconsumer, deadInterval);
  }

  static @Nullable String nextIn(
      Session session, String queue, String subconsumer, String deadInterval) {
    return session.value(
        "select pgq_coop.next_batch(?, 'main', ?, ?::interval)", queue, subconsumer, deadInterval);
  }

  @Nullable String finish(@Nullable String batch) {
    return finishIn(session(), batch);
  }

  static @Nullable String finishIn(Session session, @Nullable String batch) {
    return session.value("select pgq_coop.finish_batch(?::bigint)", batch);
  }

  List<@Nullable String> events(@Nullable String batch) {
    return eventsIn(session(), batch);
  }

  static List<@Nullable String> eventsIn(Session session, @Nullable String batch) {
    return session.column("select ev_data from pgq.get_batch_events(?::bigint)", batch);
  }

  /** For as long as that, the sub-consumer has not been heard of. */
  void silence(String queue, String subconsumer, String interval) {
    ask(
        """
        update pgq.subscription
           set sub_active = now() - ?::interval
         where sub_consumer = (select co_id from pgq.consumer where co_name = 'main.' || ?)
           and sub_queue = (select queue_id from pgq.queue where queue_name = ?)
        """,
        interval,
        subconsumer,
        queue);
  }

  /** Names, and whether each has an id of its own, a position, and a batch. */
  List<@Nullable String> subscriptions(String queue) {
    return column(
        """
            select concat_ws(' ', c.co_name,
                     case when s.sub_id = min(s.sub_id) over () then 'shared' else 'own' end,
                     case when s.sub_last_tick is null then 'idle' else 'positioned' end,
                     case when s.sub_batch is not null then 'busy' end)
              from pgq.subscription s
              join pgq.consumer c on c.co_id = s.sub_consumer
              join pgq.queue q on q.queue_id = s.sub_queue
             where q.queue_name = ?
             order by 1
            """,
        queue);
  }
}

package dev.jlondiste.contract.pgq;

import dev.jlondiste.contract.ContractTest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tests of schema {@code pgq} do before and after the call that they are about. */
abstract class PgqContract extends ContractTest {
  private int queues;

  /** Message of the error that a query has to fail with. */
  String refusal(String sql, @Nullable Object... parameters) {
    return failure(sql, parameters).message();
  }

  /** A new queue, by name after those before, that ticks whenever the ticker is called. */
  String queue() {
    String queue = String.format("queue %03d", ++queues);
    value("select pgq.create_queue(?)", queue);
    configure(queue, "queue_ticker_max_lag = '0', queue_ticker_idle_period = '0'");
    return queue;
  }

  /** Sets columns of pgq.queue past all checks. */
  void configure(String queue, String assignments) {
    ask("update pgq.queue set " + assignments + " where queue_name = ?", queue);
  }

  String setting(String queue, String column) {
    return Objects.requireNonNull(
        value("select " + column + " from pgq.queue q where q.queue_name = ?", queue));
  }

  /** The data tables, in the order in which they are used. */
  List<String> children(String queue) {
    String prefix = setting(queue, "queue_data_pfx");
    return List.of(prefix + "_0", prefix + "_1", prefix + "_2");
  }

  List<@Nullable String> ticks(String queue) {
    return column(
        "select tick_id from pgq.tick where tick_queue = ?::int order by tick_id",
        setting(queue, "queue_id"));
  }

  /**
   * The privileges on a table or sequence, except those of its owner: {@code "pgq_admin SELECT"}.
   */
  List<@Nullable String> privileges(String relation) {
    return column(
        """
        select case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end
            || ' ' || a.privilege_type || case when a.is_grantable then '*' else '' end
        from pg_class c cross join lateral aclexplode(c.relacl) a
        where c.oid = ?::regclass and a.grantee <> c.relowner
        order by 1
        """,
        relation);
  }

  long tick(String queue) {
    return number("select pgq.ticker(?)", queue);
  }

  /** Id of the new event. */
  long insert(String queue, String data) {
    return number("select pgq.insert_event(?, 'test', ?)", queue, data);
  }

  void insertAndTick(String queue, String... data) {
    for (String text : data) {
      insert(queue, text);
    }
    tick(queue);
  }

  void subscribe(String queue, String... consumers) {
    for (String consumer : consumers) {
      value("select pgq.register_consumer(?, ?)", queue, consumer);
    }
  }

  /** Creates a queue with consumers {@code c} and {@code other}, for which one batch is ready. */
  String queueOf(String... events) {
    String queue = queue();
    subscribe(queue, "c", "other");
    insertAndTick(queue, events);
    return queue;
  }

  long nextBatch(String queue, String consumer) {
    return number("select pgq.next_batch(?, ?)", queue, consumer);
  }

  void finish(long batch) {
    value("select pgq.finish_batch(?)", batch);
  }

  List<@Nullable String> dataOf(long batch) {
    return column("select ev_data from pgq.get_batch_events(?)", batch);
  }

  /** Data of the consumer's next batch, which is then finished. */
  List<@Nullable String> consume(String queue, String consumer) {
    long batch = nextBatch(queue, consumer);
    List<@Nullable String> data = dataOf(batch);
    finish(batch);
    return data;
  }

  /** The columns of all events that lie in the queue's tables, by id. */
  List<List<@Nullable String>> stored(String queue, String columns) {
    return rows(
        "select " + columns + " from " + setting(queue, "queue_data_pfx") + " order by ev_id");
  }

  /** sub_last_tick, sub_batch, sub_next_tick. */
  List<@Nullable String> position(String queue, String consumer) {
    return row(
        """
        select s.sub_last_tick, s.sub_batch, s.sub_next_tick
            from pgq.subscription s
            join pgq.queue q on q.queue_id = s.sub_queue
            join pgq.consumer c on c.co_id = s.sub_consumer
            where q.queue_name = ? and c.co_name = ?
        """,
        queue,
        consumer);
  }
}

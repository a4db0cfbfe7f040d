package dev.jlondiste.contract.pgq;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ContractTest;
import dev.jlondiste.contract.Session;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;

/** What tests of schema {@code pgq} do before and after the call that they are about. */
abstract class PgqContract extends ContractTest {
  /** A role of every server, with no rights on any queue. */
  static final String STRANGER = "pg_signal_backend";

  static final List<String> ADMINS = List.of("pgq_admin");
  static final List<String> READERS = List.of("pgq_admin", "pgq_reader");
  static final List<String> WRITERS = List.of("pgq_admin", "pgq_writer");
  static final List<String> EVERYBODY = List.of(STRANGER, "pgq_admin", "pgq_reader", "pgq_writer");

  private static final String OVERLOADS =
      "from pg_proc p where p.pronamespace = 'pgq'::regnamespace and p.proname = ?";

  private @Nullable Session session;
  private int queues;

  /** Kept for all tests of a class: connecting would be most of what a call costs. */
  Session session() {
    Session existing = session;
    if (existing == null) {
      existing = open();
      session = existing;
    }
    return existing;
  }

  @AfterParameterizedClassInvocation
  void closeSession() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  List<List<@Nullable String>> rows(String sql, @Nullable Object... parameters) {
    return session().rows(sql, parameters);
  }

  List<@Nullable String> row(String sql, @Nullable Object... parameters) {
    return session().row(sql, parameters);
  }

  List<@Nullable String> column(String sql, @Nullable Object... parameters) {
    return session().column(sql, parameters);
  }

  @Nullable String value(String sql, @Nullable Object... parameters) {
    return session().value(sql, parameters);
  }

  long number(String sql, @Nullable Object... parameters) {
    return session().number(sql, parameters);
  }

  /** Message of the error that a query has to fail with. */
  String refusal(String sql, @Nullable Object... parameters) {
    return session().failure(sql, parameters).message();
  }

  String function() {
    String name = Objects.requireNonNull(getClass().getAnnotation(Contract.class)).value();
    return name.substring(name.indexOf('.') + 1);
  }

  /**
   * What a caller can rely on, each overload. A function of ours that runs with its owner's rights
   * and looks names up along the caller's search path says so, and thereby fails the test.
   */
  List<@Nullable String> declarations() {
    return column(
        """
        select replace(
            p.proname || '(' || pg_get_function_arguments(p.oid) || ') returns '
                || pg_get_function_result(p.oid), 'timestamp with time zone', 'timestamptz')
            || case p.provolatile when 'i' then ' immutable' when 's' then ' stable' else '' end
            || case when p.proisstrict then ' strict' else '' end
            || case when p.prosecdef then ' security definer' else '' end
            || case when p.prosecdef and ?
                    and p.proconfig is distinct from array['search_path=pg_catalog, pg_temp']
                then ' WITH THE SEARCH PATH OF ITS CALLER' else '' end
        """
            + OVERLOADS
            + " order by p.pronargs, 1",
        installation().isOurs(),
        function());
  }

  /** Which of {@link #EVERYBODY} may call all overloads. */
  List<@Nullable String> callers() {
    return column(
        "select r.rolname from pg_roles r where r.rolname = any (?::text[])"
            + " and (select bool_and(has_function_privilege(r.oid, p.oid, 'execute')) "
            + OVERLOADS
            + ") order by r.rolname",
        "{" + String.join(",", EVERYBODY) + "}",
        function());
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
    session().ask("update pgq.queue set " + assignments + " where queue_name = ?", queue);
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

  /** Who holds what on a table or sequence, besides its owner: {@code "pgq_admin SELECT"}. */
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

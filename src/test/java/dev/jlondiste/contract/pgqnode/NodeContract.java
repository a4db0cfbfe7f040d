package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.ContractTest;
import dev.jlondiste.contract.Session;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nodes for tests of schema {@code pgq_node}. The local node is always {@link #HERE} and its worker
 * {@link #WORKER}; the other members of each cascade are {@link #PROVIDER} and {@link #OTHER}.
 */
abstract class NodeContract extends ContractTest {
  static final String HERE = "here";
  static final String WORKER = "here_worker";
  static final String PROVIDER = "provider";
  static final String OTHER = "other";
  static final String OTHER_WORKER = "other_worker";

  static final String NOT_NULL_VIOLATION = "23502";
  static final String FOREIGN_KEY_VIOLATION = "23503";
  static final String UNIQUE_VIOLATION = "23505";
  static final String CHECK_VIOLATION = "23514";

  private int queues;

  // ------------------------------------------------------------ the function under test

  /** The only row that it gives. */
  List<@Nullable String> call(@Nullable Object... arguments) {
    return callIn(session(), arguments);
  }

  List<@Nullable String> callIn(Session caller, @Nullable Object... arguments) {
    return caller.row(query(function(), arguments), arguments);
  }

  /** All rows that it gives. */
  List<List<@Nullable String>> callAll(@Nullable Object... arguments) {
    return rows(query(function(), arguments), arguments);
  }

  /** The error that it has to raise. */
  Failure refusal(@Nullable Object... arguments) {
    return refusalIn(session(), arguments);
  }

  Failure refusalIn(Session caller, @Nullable Object... arguments) {
    return caller.failure(query(function(), arguments), arguments);
  }

  /** Asserts that it waits while another transaction has the row of the local node. */
  void assertWaitsForTheNodeOf(String queue, @Nullable Object... arguments) {
    try (Session holder = open().begin();
        Session caller = open()) {
      holder.ask("select 1 from pgq_node.node_info where queue_name = ? for update", queue);
      caller.ask("set lock_timeout = '10ms'");

      assertThat(refusalIn(caller, arguments).state()).isEqualTo("55P03");
    }
  }

  /** Asserts that this is the error of a function that cannot do without a local node. */
  void assertHasNoNode(Failure failure, String queue) {
    assertThat(failure.message()).isEqualTo("queue does not exist: " + queue);
    // the original raises without a condition or hint
    assertThat(failure.state()).isEqualTo(installation().isOurs() ? "42704" : "P0001");
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs()
                ? "This database is not a node of that queue."
                    + " List its nodes: select * from pgq_node.node_info"
                : null);
  }

  private static String query(String function, @Nullable Object... arguments) {
    return "select * from "
        + function
        + "("
        + String.join(", ", Collections.nCopies(arguments.length, "?"))
        + ")";
  }

  // ------------------------------------------------------------ nodes, ticks, subscribers

  /** The only row of another function of schema {@code pgq_node}. */
  List<@Nullable String> run(String function, @Nullable Object... arguments) {
    return row(query("pgq_node." + function, arguments), arguments);
  }

  /** A queue whose members are known, and which has no node here. */
  String members() {
    String queue = "queue " + ++queues;
    for (String node : List.of(HERE, PROVIDER, OTHER)) {
      run("register_location", queue, node, "dbname=" + node, false);
    }
    return queue;
  }

  /** The queue of a new root, which has tick 1 and ticks whenever the ticker is called. */
  String root() {
    String queue = node("root", null, null, null);
    ask(
        "update pgq.queue set queue_ticker_max_lag = '0', queue_ticker_idle_period = '0'"
            + " where queue_name = ?",
        queue);
    return queue;
  }

  /** The queue of a new branch, which has tick 1 and one at the watermark. */
  String branch(long watermark) {
    return node("branch", PROVIDER, watermark, null);
  }

  /** The queue of a new leaf. */
  String leaf(long tick) {
    return node("leaf", PROVIDER, tick, null);
  }

  /** The queue of a new leaf that feeds another queue of the database. */
  String mergeLeaf(long tick, String combinedQueue) {
    return node("leaf", PROVIDER, tick, combinedQueue);
  }

  private String node(
      String type, @Nullable String provider, @Nullable Long tick, @Nullable String combined) {
    String queue = members();
    assertThat(run("create_node", queue, type, HERE, WORKER, provider, tick, combined))
        .startsWith("200");
    return queue;
  }

  /** Makes a root a branch that reads from {@link #PROVIDER}. */
  void demote(String root) {
    for (int step = 1; step <= 3; step++) {
      assertThat(run("demote_root", root, step, PROVIDER)).startsWith("200");
    }
  }

  /** Ticks a root. */
  long tick(String root) {
    return number("select pgq.ticker(?)", root);
  }

  /** Ticks a branch, as its worker does. */
  void tickAs(String branch, long tick, long eventSeq) {
    ask("select pgq.ticker(?, ?, now(), ?)", branch, tick, eventSeq);
  }

  /** Lets {@link #OTHER} read from here, from a tick on; null is the global watermark. */
  void subscribe(String queue, @Nullable Long tick) {
    assertThat(run("register_subscriber", queue, OTHER, OTHER_WORKER, tick)).startsWith("200");
  }

  // ------------------------------------------------------------ what is stored

  /** node_type, node_name, worker_name, combined_queue, node_attrs; nothing without a node. */
  List<List<@Nullable String>> node(String queue) {
    return rows(
        "select node_type, node_name, worker_name, combined_queue, node_attrs"
            + " from pgq_node.node_info where queue_name = ?",
        queue);
  }

  /** provider_node, last_tick_id, paused, uptodate, cur_error of a cascaded consumer. */
  List<@Nullable String> consumer(String queue, String consumer) {
    return row(
        "select provider_node, last_tick_id, paused, uptodate, cur_error"
            + " from pgq_node.local_state where queue_name = ? and consumer_name = ?",
        queue,
        consumer);
  }

  /** Members by name: {@code "here dbname=here"}; dead ones end in {@code " dead"}. */
  List<@Nullable String> locations(String queue) {
    return column(
        "select node_name || ' ' || node_location || case when dead then ' dead' else '' end"
            + " from pgq_node.node_location where queue_name = ? order by node_name",
        queue);
  }

  /** subscriber_node, worker_name, watermark_name, by name. */
  List<List<@Nullable String>> subscribers(String queue) {
    return rows(
        "select subscriber_node, worker_name, watermark_name from pgq_node.subscriber_info"
            + " where queue_name = ? order by subscriber_node",
        queue);
  }

  /** Where the consumers of the local queue are, by name: {@code ".global_watermark 1"}. */
  List<@Nullable String> positions(String queue) {
    return column(
        """
            select c.co_name || ' ' || s.sub_last_tick
              from pgq.subscription s
              join pgq.queue q on q.queue_id = s.sub_queue
              join pgq.consumer c on c.co_id = s.sub_consumer
             where q.queue_name = ?
             order by c.co_name collate "C"
            """,
        queue);
  }

  List<@Nullable String> ticks(String queue) {
    return column(
        "select t.tick_id from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue"
            + " where q.queue_name = ? order by t.tick_id",
        queue);
  }

  /** Whether its ticks come from elsewhere, and inserting is refused. */
  List<@Nullable String> flags(String queue) {
    return row(
        "select queue_external_ticker, queue_disable_insert from pgq.queue where queue_name = ?",
        queue);
  }

  boolean hasQueue(String queue) {
    return number("select count(*) from pgq.queue where queue_name = ?", queue) > 0;
  }

  /** Type, data and the four extra fields of all events of the local queue. */
  List<List<@Nullable String>> events(String queue) {
    return rows(
        "select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from "
            + value("select queue_data_pfx from pgq.queue where queue_name = ?", queue)
            + " order by ev_id");
  }

  /** All that is stored about a queue with a local node, to see that nothing has changed. */
  List<Object> everything(String queue) {
    return List.of(
        node(queue),
        column(
            "select s::text from pgq_node.local_state s where queue_name = ?"
                + " order by consumer_name",
            queue),
        locations(queue),
        subscribers(queue),
        positions(queue),
        ticks(queue),
        hasQueue(queue) ? List.of(flags(queue), events(queue)) : List.of());
  }
}

package dev.jlondiste.contract.londiste;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.contract.ContractTest;
import dev.jlondiste.contract.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes, tables and sequences for the functions of schema {@code londiste}. Rows are written as one
 * text: values joined by {@code " | "}, null as {@code null}.
 */
abstract class LondisteContract extends ContractTest {
  private static final Executor THREAD = task -> new Thread(task, "second session").start();

  private static final String IS_WAITING =
      "select exists (select 1 from pg_locks where not granted and pid = ?::int)";

  /** Runs statements, separated by semicolons, in one transaction. */
  protected void run(String sql) {
    session().execute(sql);
  }

  protected void root(String queue) {
    node(queue, "root", null, null, null);
  }

  protected void branch(String queue) {
    node(queue, "branch", "provider", 1L, null);
  }

  protected void leaf(String queue) {
    node(queue, "leaf", "provider", 1L, null);
  }

  /** A leaf that feeds another queue of the database, which has to be there. */
  protected void mergeLeaf(String queue, String combinedQueue) {
    node(queue, "leaf", "provider", 1L, combinedQueue);
  }

  private void node(
      String queue,
      String type,
      @Nullable String provider,
      @Nullable Long watermark,
      @Nullable String combinedQueue) {
    for (String member : List.of("me", "provider")) {
      line("select pgq_node.register_location(?, ?, 'dbname=any', false)", queue, member);
    }
    assertThat(
            line(
                "select ret_code from pgq_node.create_node(?, ?, 'me', ? || '_worker', ?, ?, ?)",
                queue,
                type,
                queue,
                provider,
                watermark,
                combinedQueue))
        .isEqualTo("200");
  }

  /** Partitioned tables are as old as PostgreSQL 10. */
  protected void assumePartitions() {
    assumeServerSince(10, "no partitioned tables yet");
  }

  /** Creates tables with a primary key {@code id} and a column {@code v}; names as in SQL. */
  protected void tables(String... names) {
    StringBuilder sql = new StringBuilder();
    for (String name : names) {
      sql.append("create table ").append(name).append("(id int primary key, v text);\n");
    }
    run(sql.toString());
  }

  /**
   * Creates tables {@code NAME_parent} and {@code NAME_child}, with a foreign key {@code
   * to_parent}.
   */
  protected void foreignKey(String name) {
    run(
        """
        create table %1$s_parent (id int primary key);
        create table %1$s_child (
            id int primary key,
            parent int constraint to_parent references %1$s_parent
                on delete cascade deferrable initially deferred);
        """
            .formatted(name));
  }

  /** Creates a role of the server, unless an earlier test has. */
  protected void role(String name) {
    if (lines("select 1 from pg_roles where rolname = ?", name).isEmpty()) {
      run("create role \"" + name + "\"");
    }
  }

  /** Makes tables known to a queue. */
  protected void known(String queue, String... tables) {
    for (String table : tables) {
      assertThat(reply("global_add_table(?, ?)", queue, table)).startsWith("200 ");
    }
  }

  /** Makes an existing table known to a leaf or branch, and local: in sync, no copy. */
  protected void inSync(String queue, String table) {
    known(queue, table);
    assertThat(reply("local_add_table(?, ?, '{expect_sync}')", queue, table)).startsWith("200 ");
  }

  /** Creates a table and makes it local, waiting for its copy. */
  protected void missing(String queue, String table) {
    tables(table);
    known(queue, table);
    assertThat(reply("local_add_table(?, ?)", queue, table)).startsWith("200 ");
  }

  /** Code and note of a function of this schema: {@code "200 Table added: public.orders"}. */
  protected String reply(String call, @Nullable Object... parameters) {
    return line("select ret_code || ' ' || ret_note from londiste." + call, parameters);
  }

  /** The only row of a query. */
  protected String line(String query, @Nullable Object... parameters) {
    return lineIn(session(), query, parameters);
  }

  protected List<String> lines(String query, @Nullable Object... parameters) {
    return rows(query, parameters).stream().map(LondisteContract::joined).toList();
  }

  /** As {@link #line}, in a session of the caller's. */
  protected static String lineIn(Session session, String query, @Nullable Object... parameters) {
    return joined(session.row(query, parameters));
  }

  private static String joined(List<@Nullable String> row) {
    return row.stream().map(String::valueOf).collect(joining(" | "));
  }

  /**
   * What table_info has of a table: local, state, snapshot, attributes, dropped DDL, local name.
   */
  protected String table(String queue, String table) {
    return line(
        """
        select local, merge_state, custom_snapshot, table_attrs, dropped_ddl, dest_table
          from londiste.table_info where queue_name = ? and table_name = ?
        """,
        queue,
        table);
  }

  /** How often queues know a table: of what was added twice, one row. */
  protected long rowsOf(String queue, String table) {
    return Long.parseLong(
        line(
            "select count(*) from londiste.table_info where queue_name = ? and table_name = ?",
            queue,
            table));
  }

  /** What seq_info has of a queue: name, local, published value. */
  protected List<String> sequences(String queue) {
    return lines(
        "select seq_name, local, last_value from londiste.seq_info where queue_name = ? order by nr",
        queue);
  }

  /** The event triggers of a table: {@code "_londiste_q AFTER INSERT logutriga(q, deny)"}. */
  protected List<String> triggers(String table) {
    return lines(
        """
        select t.tgname || ' ' || case when t.tgtype & 2 > 0 then 'BEFORE' else 'AFTER' end
               || case when t.tgtype & 4 > 0 then ' INSERT' else '' end
               || case when t.tgtype & 16 > 0 then ' UPDATE' else '' end
               || case when t.tgtype & 8 > 0 then ' DELETE' else '' end
               || case when t.tgtype & 32 > 0 then ' TRUNCATE' else '' end
               || ' ' || p.proname
               || '(' || array_to_string(string_to_array(rtrim(replace(
                         encode(t.tgargs, 'escape'), '\\000', ' '), ' '), ' '), ', ') || ')'
          from pg_trigger t
          join pg_proc p on p.oid = t.tgfoid
          join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'pgq'
         where t.tgrelid = ?::regclass and not t.tgisinternal
         order by t.tgname::text collate "C"
        """,
        table);
  }

  /** The events of a local queue: type, data, first extra field. */
  protected List<String> events(String queue) {
    String prefix = line("select queue_data_pfx from pgq.queue where queue_name = ?", queue);
    return lines("select ev_type, ev_data, ev_extra1 from " + prefix + " order by ev_id");
  }

  /** An error with this message; ours also says what to do. */
  protected void assertMessage(Failure failure, String message) {
    assertThat(failure.message()).isEqualTo(message);
    if (installation().isOurs()) {
      assertThat(failure.hint()).isNotBlank();
    }
  }

  /** The only row of a query that another role runs. */
  protected String lineAs(String role, String query) {
    try (Session session = open().as(role)) {
      return lineIn(session, query);
    }
  }

  /** The error of a query that another role runs. */
  protected Failure failureAs(String role, String query) {
    try (Session session = open().as(role)) {
      return session.failure(query);
    }
  }

  /**
   * The only row of a query that has to wait for another session, which has run the same query in a
   * transaction that is still open.
   *
   * @param end of that transaction
   */
  protected String lineAfter(Consumer<Session> end, String query) {
    try (Session first = open().begin();
        Session second = open()) {
      lineIn(first, query);
      String pid = second.value("select pg_backend_pid()");
      CompletableFuture<String> result =
          CompletableFuture.supplyAsync(() -> lineIn(second, query), THREAD);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(
              () -> {
                assertThat(result).isNotDone();
                assertThat(first.value(IS_WAITING, pid)).isEqualTo("t");
              });
      end.accept(first);
      return result.join();
    }
  }
}

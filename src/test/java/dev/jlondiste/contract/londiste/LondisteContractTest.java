package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.ContractTest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;

/**
 * Nodes, tables and sequences for the functions of schema {@code londiste}. Rows are written as one
 * text: values joined by {@code " | "}, null as {@code null}.
 */
abstract class LondisteContractTest extends ContractTest {
  private static final Executor THREAD = task -> new Thread(task, "second session").start();

  private @Nullable Connection session;

  /** What a function does in a session of its own, while another one is in its way. */
  interface Step {
    String in(Connection session) throws SQLException;
  }

  /** Runs statements, separated by semicolons, in one transaction. */
  protected void run(String sql) {
    try (Statement statement = session().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\n  in: " + sql, e);
    }
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
    assumeServer(100000);
  }

  /** Skips the calling test on the reference, which does not do what ours promises. */
  protected void assumeOurs(String reason) {
    Assumptions.assumeTrue(installation().isOurs(), reason);
  }

  /** Skips the calling test on older servers. */
  protected void assumeServer(int version) {
    Assumptions.assumeTrue(Integer.parseInt(line("show server_version_num")) >= version);
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
    return only(lines("select ret_code || ' ' || ret_note from londiste." + call, parameters));
  }

  /** The only row of a query. */
  protected String line(String query, @Nullable Object... parameters) {
    return only(lines(query, parameters));
  }

  protected List<String> lines(String query, @Nullable Object... parameters) {
    try {
      return linesIn(session(), query, parameters);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\n  in: " + query, e);
    }
  }

  /** As {@link #line}, in a session of the caller's. */
  protected static String lineIn(Connection session, String query) throws SQLException {
    return only(linesIn(session, query));
  }

  private static List<String> linesIn(
      Connection session, String query, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        List<String> lines = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder line = new StringBuilder(String.valueOf(result.getString(1)));
          for (int i = 2; i <= columns; i++) {
            line.append(" | ").append(result.getString(i));
          }
          lines.add(line.toString());
        }
        return lines;
      }
    }
  }

  /**
   * One session for all queries of a class, each still a transaction of its own; it changes no
   * settings.
   */
  private Connection session() throws SQLException {
    Connection open = session;
    if (open == null) {
      open = db().connect();
      session = open;
    }
    return open;
  }

  @AfterParameterizedClassInvocation
  void closeSession() throws SQLException {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  private static String only(List<String> lines) {
    assertThat(lines).hasSize(1);
    return lines.get(0);
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

  /** Arguments, result and properties of the function under test, one line per overload. */
  protected List<String> signatures() {
    return lines(
        """
        select '(' || pg_get_function_arguments(p.oid) || ') ' || pg_get_function_result(p.oid)
               || case p.provolatile when 'v' then '' when 's' then ' stable' else ' immutable' end
               || case when p.proisstrict then ' strict' else '' end
               || case when p.prosecdef then ' security definer' else '' end
          from pg_proc p
         where p.pronamespace = 'londiste'::regnamespace and p.proname = ?
         order by p.pronargs
        """,
        function());
  }

  /** The roles of the reference that may call the function under test; all overloads alike. */
  protected String callers() {
    return line(
        """
        select distinct case when has_function_privilege('public', p.oid, 'execute') then 'public'
               else (select string_agg(r, ' ' order by r)
                       from unnest(array['pgq_reader', 'pgq_writer', 'pgq_admin',
                                         'londiste_reader', 'londiste_writer']) r
                      where has_function_privilege(r, p.oid, 'execute')) end
          from pg_proc p
         where p.pronamespace = 'londiste'::regnamespace and p.proname = ?
        """,
        function());
  }

  private String function() {
    Contract contract = getClass().getAnnotation(Contract.class);
    assertThat(contract).isNotNull();
    return contract.value().substring("londiste.".length());
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
    try (Connection session = db().connect()) {
      become(session, role);
      return lineIn(session, query);
    } catch (SQLException e) {
      throw new AssertionError(role + ": " + e.getMessage() + "\n  in: " + query, e);
    }
  }

  /** The error of a query that another role runs. */
  protected Failure failureAs(String role, String query) {
    try (Connection session = db().connect()) {
      become(session, role);
      return failureOn(session, query);
    } catch (SQLException e) {
      throw new AssertionError(role + ": " + e.getMessage() + "\n  in: " + query, e);
    }
  }

  private static void become(Connection session, String role) throws SQLException {
    try (PreparedStatement statement = session.prepareStatement("set role " + role)) {
      statement.execute();
    }
  }

  /**
   * The result of a step that has to wait for an open transaction.
   *
   * @param open done first, in a transaction that stays open
   * @param waiting started then; it must not come to an end before the other session does
   * @param end {@code commit} or {@code rollback}
   */
  protected String whileOpen(Step open, Step waiting, String end) throws SQLException {
    try (Connection first = db().connect();
        Connection second = db().connect()) {
      first.setAutoCommit(false);
      open.in(first);
      String pid = lineIn(second, "select pg_backend_pid()");
      CompletableFuture<String> result =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return waiting.in(second);
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              },
              THREAD);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(
              () -> {
                assertThat(result).isNotDone();
                assertThat(isWaiting(first, pid)).isTrue();
              });
      try (Statement statement = first.createStatement()) {
        statement.execute(end);
      }
      return result.join();
    }
  }

  private static boolean isWaiting(Connection session, String pid) throws SQLException {
    return lineIn(
            session,
            "select exists (select 1 from pg_locks where not granted and pid = " + pid + ")")
        .equals("t");
  }
}

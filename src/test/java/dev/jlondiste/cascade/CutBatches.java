package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.replica.ForeignKeyRestorer;
import dev.jlondiste.replica.Playback;
import dev.jlondiste.replica.ReplicaSession;
import dev.jlondiste.replica.TableHandover;
import dev.jlondiste.replica.copy.CopyThreads;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker without its loop, and so without pauses, whose batches fail at random points in random
 * ways. After each failure, queries with known results are run on connections of both pools.
 */
final class CutBatches implements AutoCloseable {
  private static final String JOB = "cut_batches";
  private static final int POOL = 8;
  private static final int MAX_EVENTS_IN_PARTS = 400;
  private static final List<Cut> CUTS = List.copyOf(EnumSet.allOf(Cut.class));

  private static final String SESSIONS =
      "from pg_stat_activity where application_name = '"
          + JOB
          + "' and datname = current_database() and pid <> pg_backend_pid()";

  private final Random random;
  private final TestNode root;
  private final TestNode leaf;
  private final Database local;
  private final Database batches;
  private final RemoteNodes remote;
  private final CutHandler handler;
  private CascadedWorker worker;
  private final Connection rootAdmin;
  private final Connection leafAdmin;
  private final Map<Cut, Integer> failed = new EnumMap<>(Cut.class);
  private int survived;
  private int probes;
  private int firstId = 1;
  private int size;

  CutBatches(String provider, String subscriber, Path directory, long seed) throws SQLException {
    random = new Random(seed);
    root = new TestNode("root", Servers.shared(provider).createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.shared(subscriber).createDatabase(), directory);
    rootAdmin = root.database().connect();
    leafAdmin = leaf.database().connect();
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute("create table t (id int primary key, v text)");
      node.database().execute("create table u (id int primary key, n int not null)");
    }
    root.createRoot();
    root.database().execute("select pgq.set_queue_config('testq', 'ticker_max_count', '1')");
    root.addTables(List.of("public.t", "public.u"));
    tick();
    leaf.createBelow(NodeType.LEAF, root);
    leaf.command("add-table", "--expect-sync", "public.t", "public.u");
    refuseCommits(leaf.database());
    ConnectionString here = ConnectionString.parse(leaf.database().connectString());
    local = Database.pooled(here, JOB, POOL, Duration.ZERO);
    batches = Database.pooled(here, JOB, 1, Duration.ZERO, ReplicaSession::begin);
    remote = new RemoteNodes("", JOB, POOL, Duration.ZERO);
    CopyThreads copies =
        new CopyThreads(
            leaf::settings,
            local,
            remote,
            new Loops(new StopSignal(), end -> {}),
            () -> {},
            new Meters(),
            Clock.systemUTC());
    handler =
        new CutHandler(
            new Playback(
                leaf::settings,
                local,
                new TableHandover(leaf::settings, local, remote, copies),
                new ForeignKeyRestorer(leaf::settings, local, Clock.systemUTC())));
    worker = newWorker();
    run(leafAdmin, "set session_replication_role = replica");
  }

  /** Resets the worker as a restart of the process would: it forgets earlier failures. */
  private CascadedWorker newWorker() {
    return new CascadedWorker(
        leaf::settings, local, batches, remote, handler, new Meters(), Clock.systemUTC());
  }

  /** A deferred trigger rejects the new position when the batch commits. */
  private static void refuseCommits(TestDatabase database) {
    database.execute(
        """
        create table refusal (n int);
        create function refuse() returns trigger language plpgsql as $$
        begin
            if exists (select 1 from public.refusal) then
                raise exception 'commit refused';
            end if;
            return null;
        end $$;
        create constraint trigger refuse after update on pgq_node.local_state
            deferrable initially deferred for each row execute procedure refuse();
        alter table pgq_node.local_state enable always trigger refuse;
        """);
  }

  /**
   * Runs one batch that fails up to eight times and then succeeds. Returns the number of failures.
   */
  int batch() throws Exception {
    write();
    int failures = 0;
    for (int i = random.nextInt(8); i >= 0; i--) {
      Cut cut = CUTS.get(random.nextInt(CUTS.size()));
      if (attempt(cut)) {
        survived++;
        firstId += size;
        return failures;
      }
      failures++;
      if (size > MAX_EVENTS_IN_PARTS) {
        worker = newWorker(); // each cancel halves the parts, down to a commit per event
      }
      failed.merge(cut, 1, Integer::sum);
    }
    assertThat(worker.runOnce()).isEqualTo(Outcome.BUSY);
    firstId += size;
    return failures;
  }

  private void write() throws SQLException {
    size = randomSize();
    int width = random.nextInt(random.nextInt(20) == 0 ? 300 : 10);
    run(
        rootAdmin,
        """
        insert into t select g, repeat(md5(g::text), %2$d) from generate_series(%1$d, %3$d) g;
        update t set v = v || 'x' where id > %1$d - %4$d and id %% 5 = 0;
        delete from t where id <= %1$d - %5$d;
        insert into u select %1$d, %4$d;
        """
            .formatted(firstId, width, firstId + size - 1, 1 + size / 2, 2000));
    tick();
  }

  private int randomSize() {
    int kind = random.nextInt(100);
    return kind < 70
        ? 1 + random.nextInt(20)
        : kind < 90
            ? 20 + random.nextInt(400)
            : kind < 98 ? 400 + random.nextInt(1500) : 2000 + random.nextInt(6000);
  }

  private void tick() throws SQLException {
    run(rootAdmin, "select pgq.ticker('testq')");
  }

  /** True if the batch succeeded in spite of the fault. */
  private boolean attempt(Cut cut) throws Exception {
    int wrong = firstId + random.nextInt(size);
    Runnable action = action(cut);
    handler.arm(cut.isTimed() ? 0 : 1 + random.nextInt(size), action);
    if (cut == Cut.WRONG_ROW) {
      run(leafAdmin, "insert into t values (" + wrong + ") on conflict do nothing");
    } else if (cut == Cut.COMMIT) {
      run(leafAdmin, "insert into refusal values (1)");
    }
    Thread side = cut.isTimed() ? after(random.nextInt(20_000_000), action) : new Thread();
    Throwable thrown = null;
    try {
      assertThat(worker.runOnce()).isEqualTo(Outcome.BUSY);
    } catch (SQLException | InterruptedException | RuntimeException e) {
      thrown = e;
    } finally {
      Thread.interrupted();
      handler.disarm();
      side.join();
      run(leafAdmin, "delete from refusal; delete from t where v is null and id = " + wrong);
    }
    if (thrown != null && !cut.explains(thrown, wrong)) {
      fail("%s of a batch of %d was answered by %s".formatted(cut, size, thrown), thrown);
    }
    probe(cut);
    return thrown == null;
  }

  private Runnable action(Cut cut) {
    return switch (cut) {
      case WRONG_ROW, COMMIT -> () -> {};
      case HANDLER ->
          () -> {
            throw new IllegalStateException(Cut.THROWN);
          };
      case INTERRUPT -> Thread.currentThread()::interrupt;
      case CANCEL_PROVIDER, CANCEL_PROVIDER_SOMETIME -> signal(rootAdmin, "cancel");
      case CANCEL_LEAF, CANCEL_LEAF_SOMETIME -> signal(leafAdmin, "cancel");
      case TERMINATE_PROVIDER, TERMINATE_PROVIDER_SOMETIME -> signal(rootAdmin, "terminate");
      case TERMINATE_LEAF, TERMINATE_LEAF_SOMETIME -> signal(leafAdmin, "terminate");
    };
  }

  private static Runnable signal(Connection admin, String verb) {
    return () -> {
      try {
        run(admin, "select pg_" + verb + "_backend(pid) " + SESSIONS);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    };
  }

  private static Thread after(long nanos, Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              LockSupport.parkNanos(nanos);
              action.run();
            },
            "side");
    thread.start();
    return thread;
  }

  /** Every connection that the pools return must give the results of its own queries. */
  private void probe(Cut cut) throws SQLException {
    // A session that the test has terminated must not be used by a later step.
    int connections = cut.isTermination() ? 2 : 1 + random.nextInt(2);
    probe(remote.at(root.database().connectString()), connections, cut);
    probe(local, connections, cut);
    probe(batches, 1, cut);
  }

  private void probe(Database database, int connections, Cut cut) throws SQLException {
    List<Connection> taken = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        taken.add(database.open());
      }
      for (Connection db : taken) {
        probes++;
        String marker = Long.toHexString(random.nextLong());
        try {
          assertThat(
                  Sql.list(
                      db, "select ? || g from generate_series(1, 3) g", CutBatches::text, marker))
              .as("after %s", cut)
              .containsExactly(marker + 1, marker + 2, marker + 3);
        } catch (SQLException e) {
          if (!cut.explains(e, 0)) {
            throw e; // a session that the test has terminated fails once
          }
        }
      }
    } finally {
      for (Connection db : taken) {
        db.close();
      }
    }
  }

  private static String text(ResultSet row) throws SQLException {
    return row.getString(1);
  }

  void assertEqual() throws Exception {
    while (worker.runOnce() == Outcome.BUSY) {}
    for (String table : List.of("t", "u")) {
      String sql = "select count(*) || ' ' || md5(string_agg(r::text, ',' order by id)) from %s r";
      assertThat(leaf.database().value(sql.formatted(table)))
          .isEqualTo(root.database().value(sql.formatted(table)));
    }
  }

  /** Sessions of the worker on both sides. */
  long connections() {
    return root.database().number("select count(*) " + SESSIONS)
        + leaf.database().number("select count(*) " + SESSIONS);
  }

  @Override
  public String toString() {
    return "failed %s, survived %d, %d probes, %d rows, %d connections"
        .formatted(failed, survived, probes, firstId - 1, connections());
  }

  private static void run(Connection db, String sql) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void close(@Nullable Connection db) {
    try {
      if (db != null) {
        db.close();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    remote.close();
    batches.close();
    local.close();
    close(rootAdmin);
    close(leafAdmin);
    leaf.close();
    root.close();
  }
}

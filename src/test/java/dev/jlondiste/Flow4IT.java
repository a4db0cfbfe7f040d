package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cascade of five nodes is built and rearranged while applications write, by the command lines of
 * howtos, typed as they are printed there: connect strings have no host, daemons go to background.
 */
class Flow4IT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<Integer> NODES = List.of(1, 2, 3, 4, 5);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final TestServer server = Servers.shared("16");
  private @Nullable Terminal terminal;
  private Thread writer = new Thread();
  private volatile boolean stop;
  private volatile String failure = "";

  @AfterEach
  void end() throws Exception {
    stop = true;
    terminal().run("pgqd -k conf/pgqd.ini");
    for (int node : NODES) {
      terminal().run("londiste3 -k conf/londiste_db" + node + ".ini");
    }
    await().atMost(PATIENCE).until(terminal()::isQuiet);
    for (int node : NODES) {
      psql("postgres", "drop database if exists db" + node);
    }
  }

  @Test
  void nodes_change_their_provider_and_take_the_place_of_others() throws Exception {
    prepare();
    changeProviders();
    type("londiste3 -q conf/londiste_db3.ini takeover node2");
    type("londiste3 -q conf/londiste_db2.ini takeover node1");
    assertThat(type("londiste3 conf/londiste_db1.ini status"))
        .containsSubsequence("node2 (root)", "node5 (branch)")
        .containsSubsequence("node2 (root)", "node1 (branch)", "node3 (branch)", "node4 (branch)");
    stop = false;
    write("db2");
    await().atMost(PATIENCE).until(() -> rows("db2") > rows("db4"));
    endLoad("db2");
  }

  private void changeProviders() throws Exception {
    assertThat(create()).hasSize(5).allMatch(line -> line.contains("No host="));
    type("pgqd -q -d conf/pgqd.ini");
    String before = type("londiste3 -q conf/londiste_db4.ini status");
    assertThat(before).contains("node1 (root)", "Tables: 0/0/0");
    // node4 is older than node5, and has not read the queue yet
    assertThat(before.split("NOT UPTODATE", -1)).hasSize(5);
    for (int node : NODES) {
      type("londiste3 -q -d conf/londiste_db%d.ini worker".formatted(node));
    }
    type("psql -q -d db1 -c \"create table mytable (id serial primary key, data text)\"");
    type("londiste3 -q conf/londiste_db1.ini add-table mytable");
    type("londiste3 -q conf/londiste_db1.ini add-seq mytable_id_seq");
    write("db1");
    type("psql -q -d db2 -c \"create sequence mytable_id_seq\"");
    await().atMost(PATIENCE).until(() -> knows("db2", "seq_info"));
    type("londiste3 -q conf/londiste_db2.ini add-seq mytable_id_seq");
    for (int node : List.of(2, 3, 4, 5)) {
      await().atMost(PATIENCE).until(() -> knows("db" + node, "table_info"));
      type("londiste3 -q conf/londiste_db%d.ini add-table mytable --create-full".formatted(node));
    }
    for (int node : List.of(2, 3, 4, 5)) {
      type("londiste3 -q conf/londiste_db%d.ini wait-sync".formatted(node));
    }
    type("londiste3 -q conf/londiste_db4.ini change-provider --provider=node3");
    type("londiste3 -q conf/londiste_db5.ini change-provider --provider=node2");
    assertThat(type("londiste3 -q conf/londiste_db1.ini status"))
        .containsSubsequence("node1 (root)", "node2 (branch)", "node5 (branch)")
        .containsSubsequence("node1 (root)", "node3 (branch)", "node4 (branch)");
    endLoad("db1");
    for (int node : NODES) {
      assertThat(type("londiste3 conf/londiste_db%d.ini compare".formatted(node)))
          .doesNotContain("do not match");
    }
  }

  /** Each line warns of its connect string, and shows nothing else. */
  private List<String> create() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String command :
        List.of(
            "londiste3 -q conf/londiste_db1.ini create-root node1 dbname=db1",
            "londiste3 -q conf/londiste_db2.ini create-branch node2 dbname=db2 --provider=dbname=db1",
            "londiste3 -q conf/londiste_db3.ini create-branch node3 dbname=db3 --provider=dbname=db1",
            "londiste3 -q conf/londiste_db4.ini create-branch node4 dbname=db4 --provider=dbname=db2",
            "londiste3 -q conf/londiste_db5.ini create-branch node5 dbname=db5 --provider=dbname=db3")) {
      all.append(type(command));
    }
    return all.toString().lines().toList();
  }

  /** Databases and ini files. */
  private void prepare() throws Exception {
    terminal = new Terminal(directory, server);
    for (int node : NODES) {
      psql("postgres", "create database db" + node);
      terminal.write(
          "conf/londiste_db%d.ini".formatted(node),
          """
          [londiste]
          job_name = londiste_db%1$d
          db = dbname=db%1$d
          queue_name = replika
          logfile = log/londiste_db%1$d.log
          pidfile = pid/londiste_db%1$d.pid
          pgq_autocommit = 1
          pgq_lazy_fetch = 0
          """
              .formatted(node));
    }
  }

  private Terminal terminal() {
    return Objects.requireNonNull(terminal);
  }

  private String type(String command) throws IOException, InterruptedException {
    return terminal().type(command);
  }

  private void psql(String database, String sql) throws SQLException {
    terminal().psql(database, sql);
  }

  private long number(String database, String sql) {
    return terminal().number(database, sql);
  }

  /** The events of the root's commands have arrived. */
  private boolean knows(String database, String table) {
    return number(database, "select count(*) from londiste." + table) > 0;
  }

  private long rows(String database) {
    return number(database, "select count(*) from mytable");
  }

  private void write(String database) {
    stop = false;
    writer =
        new Thread(
            () -> {
              try (Connection db = DriverManager.getConnection(server.jdbcUrl(database));
                  Statement statement = db.createStatement()) {
                while (!stop) {
                  statement.execute("insert into mytable (data) values (clock_timestamp()::text)");
                  statement.execute(
                      "update mytable set data = data || 'x' where id % 10 = 0 and length(data) < 99");
                  LockSupport.parkNanos(20_000_000);
                }
              } catch (SQLException e) {
                failure = String.valueOf(e.getMessage());
              }
            },
            "writer");
    writer.start();
  }

  /** Ends the writer; every row arrives everywhere, once. */
  private void endLoad(String root) throws InterruptedException {
    stop = true;
    writer.join();
    assertThat(failure).isEmpty();
    for (int node : NODES) {
      await().atMost(PATIENCE).until(() -> digest("db" + node) == digest(root));
    }
    assertThat(rows(root)).isGreaterThan(100);
  }

  private long digest(String database) {
    return number(
        database,
        "select coalesce(sum(('x' || substr(md5(t::text), 1, 12))::bit(48)::bigint), 0)"
            + " from mytable t");
  }
}

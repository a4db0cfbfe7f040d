package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Day-to-day changes of a cascade, by the command lines of a howto. */
class Flow13IT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> NODES = List.of("master", "branch", "slave", "other");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final TestServer server = Servers.shared("15");
  private Terminal terminal;

  @BeforeEach
  void databases_and_files() throws Exception {
    terminal = new Terminal(directory, server);
    for (String node : NODES) {
      terminal.psql("postgres", "create database " + node);
      terminal.write(
          node + ".ini",
          """
          [londiste3]
          job_name = %1$s
          db = dbname=%1$s
          queue_name = q
          logfile = log/%1$s.log
          pidfile = pid/%1$s.pid
          """
              .formatted(node));
    }
  }

  @AfterEach
  void end() throws Exception {
    terminal.run("pgqd -k conf/pgqd.ini");
    for (String node : NODES) {
      terminal.run("londiste3 -k " + node + ".ini");
    }
    await().atMost(PATIENCE).until(terminal::isQuiet);
    for (String node : NODES) {
      terminal.psql("postgres", "drop database if exists " + node);
    }
  }

  private void setUp() throws Exception {
    terminal.psql(
        "master",
        "create table oldtable (id int primary key, v text);"
            + " create table newtable (id int primary key, v text);"
            + " create table t (id int primary key, v text);"
            + " insert into newtable select i, 'new' from generate_series(1, 100) i;"
            + " insert into t select i, 't' from generate_series(1, 100) i;"
            + " insert into oldtable select i, 'old' from generate_series(1, 100) i");
    for (String line :
        List.of(
            "londiste3 master.ini create-root master dbname=master",
            "pgqd -d conf/pgqd.ini",
            "londiste3 -d master.ini worker",
            "londiste3 branch.ini create-branch branch dbname=branch --provider=dbname=master",
            "londiste3 -d branch.ini worker",
            "londiste3 slave.ini create-leaf slave dbname=slave --provider=dbname=master",
            "londiste3 -d slave.ini worker",
            "londiste3 other.ini create-leaf other dbname=other --provider=dbname=master",
            "londiste3 -d other.ini worker",
            "londiste3 master.ini add-table oldtable t",
            "londiste3 branch.ini add-table oldtable --create --wait-sync",
            "londiste3 slave.ini add-table oldtable --create --wait-sync")) {
      terminal.type(line);
    }
  }

  private void haveRows(String database, String table, long rows) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(terminal.number(database, "select count(*) from " + table))
                    .isEqualTo(rows));
  }

  @Test
  void tables_workers_and_nodes_come_and_go() throws Exception {
    setUp();
    terminal.type("londiste3 master.ini add-table newtable");
    terminal.type("londiste3 slave.ini add-table newtable --create --wait-sync");
    assertThat(terminal.type("londiste3 slave.ini missing"))
        .contains("public.t")
        .doesNotContain("newtable");
    haveRows("slave", "newtable", 100);

    terminal.type("londiste3 master.ini remove-table oldtable");
    await()
        .atMost(PATIENCE)
        .until(() -> !terminal.type("londiste3 slave.ini tables").contains("oldtable"));
    haveRows("slave", "oldtable", 100);

    terminal.type("londiste3 slave.ini add-table t --dest-table=other --create");
    terminal.type("londiste3 branch.ini add-table t --find-copy-node --create");
    terminal.type("londiste3 slave.ini wait-sync");
    terminal.type("londiste3 branch.ini wait-sync");
    terminal.psql("master", "insert into t values (101, 'more')");
    haveRows("slave", "other", 101);
    haveRows("branch", "t", 101);

    terminal.type("londiste3 slave.ini pause");
    terminal.psql("master", "insert into t values (102, 'more')");
    haveRows("branch", "t", 102);
    assertThat(terminal.number("slave", "select count(*) from other")).isEqualTo(101);
    terminal.type("londiste3 slave.ini resume");
    haveRows("slave", "other", 102);

    terminal.type("londiste3 -s slave.ini");
    await().atMost(PATIENCE).until(() -> !directory.resolve("pid/slave.pid").toFile().exists());
    terminal.psql("master", "insert into t values (103, 'more')");
    terminal.type("londiste3 -d slave.ini worker");
    haveRows("slave", "other", 103);
    terminal.type("londiste3 -r slave.ini");
    await()
        .atMost(PATIENCE)
        .until(() -> terminal.read("log/slave.log").contains("Config reloaded"));

    terminal.type("londiste3 -s slave.ini");
    await().atMost(PATIENCE).until(() -> !directory.resolve("pid/slave.pid").toFile().exists());
    terminal.type("londiste3 other.ini drop-node slave");
    await()
        .atMost(PATIENCE)
        .until(() -> !terminal.type("londiste3 master.ini status").contains("slave"));
    haveRows("slave", "other", 103);
  }
}

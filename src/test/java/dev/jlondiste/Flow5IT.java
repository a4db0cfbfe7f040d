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

/**
 * Two databases are merged into one, by the command lines of a howto, typed as they are printed
 * there, one at once after the other. Rows arrive in between.
 */
class Flow5IT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> JOBS =
      List.of("l3_part1_q_part1", "l3_part2_q_part2", "l3_part1_q_full1", "l3_part2_q_full1");
  private static final List<String> DATABASES = List.of("part1", "part2", "full1");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final TestServer server = Servers.shared("16");
  private Terminal terminal;

  @BeforeEach
  void databases_and_files() throws Exception {
    terminal = new Terminal(directory, server);
    for (String database : DATABASES) {
      terminal.psql("postgres", "create database " + database);
    }
    for (String job : JOBS) {
      terminal.write(
          "conf/%s.ini".formatted(job),
          """
          [londiste]
          job_name = %1$s
          db = dbname=%2$s
          queue_name = %3$s
          logfile = log/%1$s.log
          pidfile = pid/%1$s.pid
          """
              .formatted(job, job.substring(job.lastIndexOf('_') + 1), job.substring(0, 8)));
    }
    for (String part : List.of("part1", "part2")) {
      terminal.psql(part, "create table mydata (id int4 primary key, data text)");
      insert(part, 1, 500);
    }
  }

  @AfterEach
  void end() throws Exception {
    terminal.run("pgqd -k conf/pgqd.ini");
    for (String job : JOBS) {
      terminal.run("londiste3 -k conf/" + job + ".ini");
    }
    await().atMost(PATIENCE).until(terminal::isQuiet);
    for (String database : DATABASES) {
      terminal.psql("postgres", "drop database if exists " + database);
    }
  }

  private void insert(String part, int from, int to) throws Exception {
    int base = part.equals("part1") ? 0 : 1_000_000;
    terminal.psql(
        part,
        "insert into mydata select %d + i, '%s' from generate_series(%d, %d) i"
            .formatted(base, part, from, to));
  }

  private void awaitTables(String expected) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        terminal.value(
                            "full1",
                            "select string_agg(queue_name || ' ' || local || coalesce(' ' ||"
                                + " merge_state, ''), ', ' order by queue_name)"
                                + " from londiste.table_info"))
                    .isEqualTo(expected));
  }

  @Test
  void two_databases_become_one() throws Exception {
    for (String line :
        List.of(
            "londiste3 -v conf/l3_part1_q_part1.ini create-root part1_root dbname=part1",
            "londiste3 -v conf/l3_part2_q_part2.ini create-root part2_root dbname=part2",
            "londiste3 -v conf/l3_part1_q_full1.ini create-leaf merge_part1_full1 dbname=full1"
                + " --provider=dbname=part1",
            "londiste3 -v conf/l3_part2_q_full1.ini create-leaf merge_part2_full1 dbname=full1"
                + " --provider=dbname=part2",
            "pgqd -v -d conf/pgqd.ini",
            "londiste3 -v -d conf/l3_part1_q_full1.ini worker",
            "londiste3 -v -d conf/l3_part2_q_full1.ini worker",
            "londiste3 -v conf/l3_part1_q_part1.ini add-table mydata",
            "londiste3 -v conf/l3_part2_q_part2.ini add-table mydata")) {
      terminal.type(line);
    }
    awaitTables("l3_part1 false, l3_part2 false"); // as the howto shows them
    terminal.type("londiste3 -v conf/l3_part1_q_full1.ini add-table mydata --create --merge-all");
    insert("part1", 501, 600);
    insert("part2", 501, 700);
    awaitTables("l3_part1 true ok, l3_part2 true ok");
    await()
        .atMost(PATIENCE)
        .until(() -> terminal.number("full1", "select count(*) from mydata") == 1300);
    assertThat(
            terminal.value(
                "full1",
                "select string_agg(data || ' ' || n, ', ' order by data)"
                    + " from (select data, count(*) as n from mydata group by 1) d"))
        .isEqualTo("part1 600, part2 700");
    assertThat(
            terminal.value(
                "full1",
                "select conname from pg_constraint where contype = 'p' and conrelid = 'mydata'::regclass"))
        .isEqualTo("mydata_pkey");
    for (String job : List.of("l3_part1_q_full1", "l3_part2_q_full1")) {
      assertThat(terminal.type("londiste3 conf/" + job + ".ini status"))
          .contains("Tables: 1/0/0")
          .doesNotContain("ERR");
      assertThat(terminal.read("log/" + job + ".log")).doesNotContain(" ERROR ");
    }
  }
}

package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walkthrough of README, typed as it is printed there, with the distribution's programs: a
 * music shop moves from 9.6 to 18 while it is written to. Needs the sample database Chinook, in the
 * file that {@code -Djlondiste.chinook} names.
 */
class WalkthroughIT {
  private static final Path PROGRAMS = Path.of("target/jlondiste/bin").toAbsolutePath();
  private static final Path CHINOOK =
      Path.of(System.getProperty("jlondiste.chinook", "../shared/data/chinook.sql"));

  private static final String ADDRESS = "host=%shost user=postgres dbname=myapp";
  private static final String OUR_SCHEMAS =
      "pg_namespace where nspname in ('pgq', 'pgq_node', 'londiste')";

  @TempDir private Path directory;
  private volatile boolean stop;

  @Test
  void a_live_database_moves_to_a_new_server() throws Exception {
    assumeTrue(Files.exists(CHINOOK), "skipped: no sample database at " + CHINOOK);
    try (TestDatabase old = Servers.oldest().createDatabase();
        TestDatabase fresh = Servers.newest().createDatabase()) {
      load(old);
      load(fresh);
      Files.createDirectories(directory.resolve("log"));
      Files.createDirectories(directory.resolve("pid"));
      String base = old.connectString().replaceFirst(" dbname=.*", "");
      write(
          "ticker.ini",
          """
          [pgqd]
          base_connstr = %s
          database_list = %s
          logfile = log/ticker.log
          pidfile = pid/ticker.pid
          syslog = 0
          check_period = 2
          """
              .formatted(base, old.name()));
      write("old.ini", ini(old, "old"));
      write("new.ini", ini(fresh, "new") + "ticker = 1\n");
      Thread shopping = new Thread(() -> shop(old), "shop");
      shopping.start();
      try {
        typeStep("3. Create the nodes", old, fresh);
        typeStep("4. Add tables", old, fresh);
        type("londiste3 new.ini resync --all");
        type("londiste3 new.ini wait-sync");
        assertThat(type("londiste3 new.ini status"))
            .contains("old (root)", "+--: new (leaf)", "Tables: 11/0/0");
        assertThat(type("londiste3 new.ini compare")).doesNotContain("do not match");
        stop = true;
        shopping.join();
        type("londiste3 new.ini wait-root");
        assertThat(type("londiste3 new.ini compare")).contains("srcdb: ", "dstdb: ");
        assertThat(digest(fresh)).isEqualTo(digest(old));
        assertThat(old.count("invoice")).isGreaterThan(412);
        noTroubleIn("ticker.log", "old.log", "new.log");
        typeStep("5. Cut over", old, fresh);
        fresh.execute("update customer set city = 'x' where customer_id = 1");
        assertThatThrownBy(() -> old.execute("update customer set city = 'y'"))
            .hasMessageContaining("Insert into queue disallowed");
        typeStep("6. The way back", old, fresh);
        assertThat(digest(old)).isEqualTo(digest(fresh));
        noTroubleIn("ticker.log", "old.log", "new.log");
        typeStep("7. Leave", old, fresh);
        assertThat(old.count(OUR_SCHEMAS)).isZero();
        assertThat(fresh.count(OUR_SCHEMAS)).isZero();
      } finally {
        stop = true;
        for (String end :
            List.of("pgqd -k ticker.ini", "londiste3 -k old.ini", "londiste3 -k new.ini")) {
          run(end);
        }
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> Arrays.equals(directory.resolve("pid").toFile().list(), new String[0]));
      }
    }
  }

  /** The command lines that README shows for this step, with these databases. */
  private void typeStep(String step, TestDatabase old, TestDatabase fresh) throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    int start = readme.indexOf("**" + step);
    assertThat(start).as(step).isPositive();
    List<String> commands =
        readme
            .substring(start, end(readme, start + 1))
            .lines()
            .filter(line -> line.startsWith("    "))
            .map(line -> line.strip().replace(ADDRESS.formatted("old"), old.connectString()))
            .map(line -> line.replace(ADDRESS.formatted("new"), fresh.connectString()))
            .toList();
    assertThat(commands).as(step).hasSizeGreaterThan(2);
    for (String command : commands) {
      type(command);
    }
  }

  private static int end(String readme, int from) {
    int chapter = readme.indexOf("\n## ", from);
    int step = readme.indexOf("\n**", from);
    return step < 0 ? chapter : Math.min(step, chapter);
  }

  private void load(TestDatabase database) throws IOException {
    String sql =
        Files.readString(CHINOOK)
            .lines()
            .filter(
                line -> !line.startsWith("DROP DATABASE") && !line.startsWith("CREATE DATABASE"))
            .filter(line -> !line.startsWith("\\"))
            .collect(Collectors.joining("\n"));
    database.execute(sql);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static String ini(TestDatabase database, String name) {
    return """
        [londiste3]
        db = %s
        queue_name = myappq
        loop_delay = 0.5
        logfile = log/%s.log
        pidfile = pid/%s.pid
        """
        .formatted(database.connectString(), name, name);
  }

  /** Buys, changes its mind, moves house, deletes. */
  private void shop(TestDatabase database) {
    Random random = new Random(1);
    try (Connection db = database.connect();
        Statement statement = db.createStatement()) {
      for (int id = 1000; !stop; id++) {
        statement.execute(
            "insert into invoice values (%1$d, %2$d, now(), 'Street ' || %1$d, 'City', null, 'X', '1', %3$d.25)"
                .formatted(id, 1 + random.nextInt(59), random.nextInt(30)));
        statement.execute(
            "insert into invoice_line values (%d, %d, %d, 0.99, 1)"
                .formatted(id + 10_000, id, 1 + random.nextInt(3503)));
        statement.execute(
            "update customer set address = 'moved %d' where customer_id = %d"
                .formatted(id, 1 + random.nextInt(59)));
        statement.execute(
            "update track set milliseconds = milliseconds + 1 where track_id = "
                + (1 + random.nextInt(3503)));
        if (id % 3 == 0) {
          statement.execute("delete from invoice_line where invoice_line_id = " + (id + 9_999));
          statement.execute(
              "delete from playlist_track where track_id = " + (1 + random.nextInt(3503)));
        }
        LockSupport.parkNanos(10_000_000);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> digest(TestDatabase database) {
    return database
        .column(
            "select table_name from information_schema.tables where table_schema = 'public'"
                + " order by 1")
        .stream()
        .map(
            table ->
                table
                    + " "
                    + database.value(
                        "select count(*) || md5(string_agg(t::text, '|' order by t::text collate"
                            + " \"C\")) from "
                            + table
                            + " t"))
        .toList();
  }

  private void noTroubleIn(String... logs) throws IOException {
    for (String log : logs) {
      assertThat(lines(log))
          .as(log)
          .isNotEmpty()
          .noneMatch(line -> line.contains(" ERROR ") || line.contains(" FATAL "));
    }
  }

  private Stream<String> lines(String log) throws IOException {
    return Files.readAllLines(directory.resolve("log").resolve(log)).stream();
  }

  /** As on a terminal; must end with exit code 0. */
  private String type(String command) throws IOException, InterruptedException {
    Result result = run(command);
    assertThat(result.exitCode()).as("%s%n%s", command, result.output()).isZero();
    return result.output();
  }

  private record Result(int exitCode, String output) {}

  private Result run(String command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().merge("PATH", PROGRAMS.toString(), (path, ours) -> ours + ":" + path);
    Process process = builder.start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    System.out.println("$ " + command + "   [" + process.exitValue() + "]");
    System.out.print(output);
    return new Result(process.exitValue(), output);
  }
}

package dev.jlondiste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An obfuscated copy of a database, by the command lines of a howto. */
class Flow11IT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> JOBS = List.of("rootq_root", "rootq_leaf", "leafq_leaf");
  private static final String TABLE =
      "create table mytable (id int4 primary key, name text, mail text, age text, card text, doc json)";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final TestServer server = Servers.shared("16");
  private Terminal terminal;

  @BeforeEach
  void databases_and_files() throws Exception {
    terminal = new Terminal(directory, server);
    terminal.psql("postgres", "create database root");
    terminal.psql("postgres", "create database leaf");
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
          obfuscator_map = conf/map.yaml
          obfuscator_key = secret
          """
              .formatted(
                  job, job.substring(job.indexOf('_') + 1), job.substring(0, job.indexOf('_'))));
    }
    terminal.write(
        "conf/map.yaml",
        """
        public.mytable:
          id: keep
          name: hash
          mail: hash64
          age: bool
          card: skip
          doc: {city: keep, person: {id: hash32}}
        """);
    terminal.psql("root", TABLE);
    terminal.psql(
        "leaf",
        "create table mytable (id int4 primary key, name uuid, mail bigint, age boolean, doc json)");
    insert(1, 300);
  }

  private void insert(int from, int to) throws Exception {
    terminal.psql(
        "root",
        ("insert into mytable select i, case when i %% 5 > 0 then 'Name\t' || i end, 'abc',"
                + " case when i %% 3 > 0 then 'x' else '' end, 'clear ' || i,"
                + " '{\"city\": \"Bern\", \"person\": {\"id\": \"abc\", \"name\": \"clear\"}}'"
                + " from generate_series(%d, %d) i")
            .formatted(from, to));
  }

  @AfterEach
  void end() throws Exception {
    terminal.run("pgqd -k conf/pgqd.ini");
    for (String job : JOBS) {
      terminal.run("londiste -k conf/" + job + ".ini");
    }
    await().atMost(PATIENCE).until(terminal::isQuiet);
    terminal.psql("postgres", "drop database if exists leaf");
    terminal.psql("postgres", "drop database if exists root");
  }

  @Test
  void copied_and_streamed_rows_are_obfuscated() throws Exception {
    for (String line :
        List.of(
            "londiste conf/rootq_root.ini create-root source dbname=root",
            "londiste conf/leafq_leaf.ini create-root obfsource dbname=leaf",
            "londiste conf/rootq_leaf.ini create-leaf obfleaf dbname=leaf --provider=dbname=root"
                + " --merge=leafq",
            "pgqd -d conf/pgqd.ini",
            "londiste -d conf/rootq_leaf.ini worker",
            "londiste -d conf/leafq_leaf.ini worker",
            "londiste conf/rootq_root.ini add-table mytable",
            "londiste conf/rootq_leaf.ini add-table mytable --merge-all --handler=obfuscate")) {
      terminal.type(line);
    }
    insert(301, 400);
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      int id = random.nextInt(400);
      terminal.psql(
          "root",
          random.nextInt(3) == 0
              ? "delete from mytable where id = " + id
              : "update mytable set age = case age when '' then 'y' else '' end where id between "
                  + (id + " and " + (id + 20)));
    }
    terminal.psql("root", "insert into mytable values (1000, 'abc', 'abc', '', 'clear', '[]')");
    String kept =
        "select string_agg(concat_ws(' ', id, %s, mail is null, %s), ',' order by id) from mytable";
    String expected = terminal.value("root", kept.formatted("name is null", "(age <> '')::text"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(terminal.value("leaf", kept.formatted("name is null", "age::text")))
                    .isEqualTo(expected));
    assertThat(
            terminal.value(
                "leaf", "select concat_ws(' ', name, mail, age, doc) from mytable where id = 1000"))
        .isEqualTo("9af4e6cc-bbfa-fb7c-1dbc-6088ca27f3da -3463011645936633346 f {}");
    assertThat(
            terminal.value(
                "leaf",
                "select string_agg(distinct mail || ' ' || doc::text, ',') from mytable where id < 1000"))
        .isEqualTo("-3463011645936633346 {\"city\":\"Bern\",\"person\":{\"id\":-25409303}}");
    assertThat(terminal.number("leaf", "select count(distinct name) from mytable"))
        .isEqualTo(terminal.number("root", "select count(distinct name) from mytable"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                terminal.number(
                        "leaf",
                        "select count(*) from pgq.event_template e join pgq.queue q on"
                            + " q.queue_name = 'leafq' and e.tableoid::regclass::text like"
                            + " q.queue_data_pfx || '%' where ev_data like '%id=1000&%'")
                    == 1);
    assertThat(
            terminal.number(
                "leaf",
                "select count(*) from pgq.event_template where concat_ws(' ', ev_data, ev_extra2,"
                    + " ev_extra3, ev_extra4) ~ 'clear|Name|card'"))
        .isZero();
    assertThat(
            terminal.number(
                "leaf", "select count(*) from pgq.event_template where ev_data like '%name=%'"))
        .isPositive();
    assertThat(terminal.type("londiste conf/rootq_leaf.ini compare mytable"))
        .contains("not compared, because the handler changes their values: age, doc, mail, name");
  }
}

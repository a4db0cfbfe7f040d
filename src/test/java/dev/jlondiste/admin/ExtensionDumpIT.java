package dev.jlondiste.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.admin.schema.ExtensionFiles;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.servers.OwnExtensions;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code pg_dump} writes of a database with our extensions, {@code psql} brings back. */
class ExtensionDumpIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"13", "15"})
  void queues_nodes_and_triggers_survive_a_dump(String major) throws Exception {
    assumeTrue(
        dumpMajor() >= Integer.parseInt(major),
        "skipped: pg_dump and psql of PostgreSQL " + major + " or later are not on the PATH");
    Path files = directory.resolve("files");
    ExtensionFiles.write(files);
    try (TestServer server = OwnExtensions.start(major, files, directory.resolve("programs"));
        TestNode root = new TestNode("root", server.createDatabase(), directory);
        TestDatabase restored = server.createDatabase()) {
      TestDatabase db = root.database();
      Shop.create(db);
      for (String name : List.of("pgq", "pgq_node", "londiste", "pgq_ext", "pgq_coop")) {
        db.execute("create extension " + name);
      }
      root.createRoot();
      root.addTables(Shop.TABLES);
      db.execute("select pgq.register_consumer('testq', 'reader')");
      Shop.fill(db, 20);
      db.execute("select pgq.force_tick('testq')");
      db.execute("select pgq.ticker('testq')");
      db.execute("select pgq_ext.set_last_tick('writer', 7)");
      db.execute(
          "select pgq.event_retry(pgq.next_batch('testq', 'reader'), min(ev_id), 0) from pgq.event_template");

      String dump = directory.resolve("dump.sql").toString();
      run("pg_dump", "-f", dump, db.connectString());
      run("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-f", dump, restored.connectString());

      assertThat(Catalog.objects(restored)).isEqualTo(Catalog.objects(db));
      for (String rows : everythingIn(db)) {
        assertThat(restored.column(rows)).as(rows).isEqualTo(db.column(rows));
      }
      String events =
          "select count(*) from pgq.get_batch_events(pgq.next_batch('testq', 'reader'))";
      assertThat(restored.number(events)).isEqualTo(db.number(events)).isPositive();
      long before = restored.count("pgq.event_template");
      restored.execute("insert into journal (amount) values (1)");
      assertThat(restored.count("pgq.event_template")).isEqualTo(before + 1);
      assertThat(restored.value("select pgq.create_queue('another')")).isEqualTo("1");
      assertThat(restored.value("select pgq.register_consumer('another', 'other')")).isEqualTo("1");
    }
  }

  /** Queries for the rows of all tables and the positions of all sequences. */
  private static List<String> everythingIn(TestDatabase db) {
    return db
        .column(
            """
            select case c.relkind when 'S' then 'select concat(last_value, is_called)' else 'select t::text' end
                   || ' from ' || c.oid::regclass || ' t order by 1'
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname ~ '^(pgq|londiste)' and c.relkind in ('r', 'S')
            """)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  /** 0 when there is none. */
  private static int dumpMajor() throws Exception {
    try {
      Matcher version = Pattern.compile(" (\\d+)").matcher(run("pg_dump", "--version"));
      run("psql", "--version");
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (java.io.IOException e) {
      return 0;
    }
  }

  private static String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}

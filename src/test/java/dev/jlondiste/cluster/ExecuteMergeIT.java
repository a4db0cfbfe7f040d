package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two roots are merged into one database; each of them executes the same script. */
@SuppressWarnings("NullAway.Init") // each test begins with merge()
class ExecuteMergeIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;
  private final List<TestNode> roots = new ArrayList<>();
  private final List<TestNode> leaves = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestDatabase full;

  private TestDatabase database(String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute("create table mydata (id int primary key, t text)");
    return database;
  }

  private TestNode node(String name, TestDatabase database, String queue) {
    TestNode node = new TestNode(name, database, directory, "queue_name = " + queue);
    open.add(node::stop);
    return node;
  }

  private void merge(String major, boolean isCombined) {
    full = database(major);
    if (isCombined) {
      TestNode combined = node("combined", full, "allq");
      combined.command("create-root", "combined", full.connectString());
      combined.command("add-table", "mydata");
    }
    for (int i = 1; i <= 2; i++) {
      TestDatabase part = database("15");
      TestNode root = node("part" + i, part, "partq" + i);
      root.command("create-root", "part" + i, part.connectString());
      root.command("add-table", "mydata");
      part.execute("insert into mydata values (%d, 'old')".formatted(i));
      part.execute(
          "select pgq.set_queue_config('partq%d', 'ticker_max_lag', '100 milliseconds')"
              .formatted(i));
      part.execute(
          "select pgq.set_queue_config('partq%d', 'ticker_idle_period', '1 second')".formatted(i));
      open.add(0, new TestTicker(part));
      TestNode leaf = node("full" + i, full, "partq" + i);
      List<String> words =
          new ArrayList<>(
              List.of(
                  "create-leaf",
                  "full" + i,
                  full.connectString(),
                  "--provider=" + part.connectString()));
      if (isCombined) {
        words.add("--merge=allq");
      }
      leaf.command(words.toArray(String[]::new));
      leaf.start();
      roots.add(root);
      leaves.add(leaf);
      open.add(part);
    }
    for (TestNode leaf : leaves) {
      leaf.command("wait-root");
    }
    leaves.get(0).command("add-table", "mydata", "--merge-all", "--skip-truncate");
    for (TestNode leaf : leaves) {
      Eventually.inSync(leaf);
    }
    open.add(full);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_script_of_each_root_is_applied_once(String major) {
    merge(major, false);
    for (TestNode root : roots) {
      root.command("execute", "--as=addcol.sql", "--sql=alter table mydata add column data2 text");
      root.database().execute("update mydata set data2 = 'new'");
      leaves.get(roots.indexOf(root)).command("wait-root");
    }
    assertThat(full.number("select count(*) from mydata where data2 = 'new'")).isEqualTo(2);
    assertThat(full.column("select queue_name from londiste.applied_execute"))
        .containsExactly("partq1");
  }

  /** Without the waits in between that Londiste needs. */
  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void scripts_of_both_roots_may_arrive_together(String major) {
    merge(major, false);
    leaves.forEach(TestNode::stop);
    for (TestNode root : roots) {
      root.database().execute("update mydata set t = 'before'");
      root.command("execute", "--as=addcol.sql", "--sql=alter table mydata add column data2 text");
      root.database().execute("update mydata set data2 = 'new'");
    }
    leaves.forEach(TestNode::start);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        full.number(
                            "select count(*) from mydata where data2 = 'new' and t = 'before'"))
                    .isEqualTo(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"18"})
  void the_combined_queue_captures_the_table_as_it_is_now(String major) {
    merge(major, true);
    for (TestNode root : roots) {
      root.command(
          "execute", "--as=type.sql", "--sql=alter table mydata alter column id type bigint");
      leaves.get(roots.indexOf(root)).command("wait-root");
    }
    assertThat(full.value("select pg_typeof(id)::text from mydata limit 1")).isEqualTo("bigint");
    assertThat(full.rows("select capture, stale from londiste._capture_status('allq')").toString())
        .isEqualTo("[[statement, f]]");
    assertThat(full.column("select ev_extra1 from pgq.event_template where ev_type = 'EXECUTE'"))
        .isNotEmpty();
  }
}

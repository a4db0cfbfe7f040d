package dev.jlondiste.admin.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check finds what would disturb a takeover, and is content when it is repaired. */
@SuppressWarnings("NullAway.Init") // each test begins with cascade()
class TakeoverChecksIT {
  private static final ReadinessOptions STRICT =
      new ReadinessOptions(false, false, true, Duration.ofSeconds(30), true, Duration.ofHours(1));
  private static final String TABLES =
      """
      create table a (id serial primary key, t text);
      create table b (id int primary key, t text);
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestTicker ticker;

  private void cascade(String rootMajor, String branchMajor, String sql) throws Exception {
    cascade(
        Servers.shared(rootMajor).createDatabase(),
        Servers.shared(branchMajor).createDatabase(),
        sql);
  }

  private void cascade(TestDatabase rootDatabase, TestDatabase branchDatabase, String sql)
      throws Exception {
    root = new TestNode("root", rootDatabase, directory);
    branch = new TestNode("branch", branchDatabase, directory);
    root.createRoot();
    root.database().execute(sql);
    branch.database().execute(sql);
    root.command("add-table", "--all", "--capture=compatible");
    root.command("add-seq", "--all");
    ticker = new TestTicker(root.database());
    branch.createBelow(NodeType.BRANCH, root);
    root.start();
    branch.start();
    branch.command("wait-root", "--timeout=60");
    branch.command("add-table", "--all");
    branch.command("add-seq", "--all");
    Eventually.inSync(branch);
  }

  @AfterEach
  void close() {
    branch.close();
    root.close();
    ticker.close();
  }

  private List<ReadinessFinding> findings(ReadinessOptions options) {
    try (Cascade cascade = new Cascade(branch.settings(), Set.of())) {
      return new TakeoverChecks(cascade, options).check("root", "branch");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> texts(ReadinessOptions options) {
    return findings(options).stream().map(f -> f.severity() + " " + f.text()).toList();
  }

  private List<String> texts() {
    return texts(STRICT);
  }

  private void nothing_is_found() {
    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(texts()).isEmpty());
  }

  private static void sql(TestNode node, String sql) {
    node.database().execute(sql);
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  void tables_and_triggers(String rootMajor, String branchMajor) throws Exception {
    cascade(rootMajor, branchMajor, TABLES);
    nothing_is_found();

    branch.command("remove-table", "b");
    assertThat(texts()).containsExactly("blocker public.b: not added on node 'branch'");
    branch.command("add-table", "b");
    Eventually.inSync(branch);

    branch.stop(); // it would begin a copy
    sql(
        branch,
        "update londiste.table_info set merge_state = 'catching-up' where table_name = 'public.b'");
    assertThat(texts())
        .contains("blocker public.b: not in sync on node 'branch', its state is catching-up");
    sql(branch, "update londiste.table_info set merge_state = 'ok' where table_name = 'public.b'");
    branch.start();
    nothing_is_found();

    sql(
        branch,
        "update londiste.table_info set table_attrs = 'handler=bulk' where table_name = 'public.b'");
    nothing_is_found();
    for (TestNode node : List.of(root, branch)) {
      sql(
          node,
          "update londiste.table_info set table_attrs = 'handler=shard&hash_key=id'"
              + " where table_name = 'public.b'");
      String text =
          "public.b: handler 'shard' on node '%s' leaves out or changes rows, so both nodes differ"
              .formatted(node.name());
      assertThat(texts()).contains("blocker " + text);
      ReadinessOptions different =
          new ReadinessOptions(
              false, true, true, STRICT.maxLag(), true, STRICT.longTransactionAge());
      assertThat(texts(different)).contains("warning " + text);
      sql(node, "update londiste.table_info set table_attrs = null where table_name = 'public.b'");
    }

    sql(branch, "alter table b disable trigger user");
    assertThat(texts())
        .singleElement()
        .asString()
        .startsWith("blocker [branch] public.b: triggers are disabled: ");
    branch.command("regenerate-triggers", "b");

    sql(root, "alter table b disable trigger user");
    assertThat(texts())
        .singleElement()
        .asString()
        .startsWith("blocker [root] public.b: triggers are disabled: ");
    root.command("regenerate-triggers", "b");

    sql(
        branch,
        """
        do $$ declare r record; begin
          for r in select tgname from pg_trigger where tgrelid = 'b'::regclass and not tgisinternal loop
            execute 'drop trigger ' || quote_ident(r.tgname) || ' on b';
          end loop;
        end $$;
        create trigger _londiste_testq after insert or update or delete on b
          for each row execute procedure pgq.logutriga('testq', 'deny');
        create trigger _londiste_testq_truncate before truncate on b
          execute procedure pgq.sqltriga('testq', 'deny')
        """);
    assertThat(texts())
        .containsExactly(
            "blocker [branch] public.b: has the triggers of a leaf, which deny all changes");
    sql(branch, "drop trigger _londiste_testq on b; drop trigger _londiste_testq_truncate on b");
    assertThat(texts())
        .containsExactly("blocker [branch] public.b: has no triggers, changes are not captured");
    branch.command("regenerate-triggers", "b");
    nothing_is_found();

    branch.command("regenerate-triggers", "b", "--capture=compatible");
    root.command("regenerate-triggers", "b", "--capture=auto");
    assertThat(texts())
        .containsExactly(
            "blocker [branch] public.b: has compatible triggers, those of node 'root' are native:"
                + " they are slower and refuse changed keys");
    sql(root, "alter table b add extra interval[]");
    assertThat(texts())
        .anyMatch(
            text -> text.startsWith("blocker [root] public.b: has changed since its triggers"));
    root.command("regenerate-triggers", "b", "--capture=compatible");
    nothing_is_found();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  void missing_objects(String rootMajor, String branchMajor) throws Exception {
    cascade(rootMajor, branchMajor, TABLES);
    nothing_is_found();
    sql(root, "create table late (id int primary key); create sequence lonely");
    if (rootMajor.equals("18")) {
      sql(
          root,
          "create table parent (id int) partition by range (id);"
              + "create table part partition of parent for values from (1) to (9)");
    }
    assertThat(texts())
        .contains(
            "blocker [root] public.late: in no set", "blocker [root] public.lonely: in no set");
    ReadinessOptions generous =
        new ReadinessOptions(true, false, true, STRICT.maxLag(), true, STRICT.longTransactionAge());
    assertThat(texts(generous))
        .contains(
            "warning [root] public.late: in no set", "warning [root] public.lonely: in no set");
    if (rootMajor.equals("18")) {
      assertThat(texts())
          .contains(
              "blocker [root] public.part: in no set, partition of public.parent, no primary key");
      sql(root, "drop table parent");
    }
    sql(root, "drop table late; drop sequence lonely");
    nothing_is_found();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  @WholeMatrix({"18, 13"})
  void sequences(String rootMajor, String branchMajor) throws Exception {
    cascade(
        rootMajor,
        branchMajor,
        """
        create table a (id serial primary key, t text);
        create sequence up maxvalue 100 cache 10;
        create sequence down increment -1 minvalue -100 maxvalue -1;
        create sequence round maxvalue 10 cycle;
        create sequence s maxvalue 32767;
        create table b (id int primary key default nextval('up'), d int default nextval('down'),
                        r int default nextval('round'), s int default nextval('s'));
        """);
    nothing_is_found();

    branch.command("remove-seq", "up");
    assertThat(texts())
        .containsExactly("blocker public.up: not added on node 'branch', used by public.b");
    branch.command("add-seq", "up");
    root.command("remove-seq", "down");
    branch.command("wait-root", "--timeout=60");
    assertThat(texts())
        .containsExactly(
            "blocker public.down: in no set, used by public.b: its values would be used twice");
    root.command("add-seq", "down");
    branch.command("wait-root", "--timeout=60");
    branch.command("add-seq", "down");
    nothing_is_found();

    sql(branch, "create sequence own; alter table b alter s set default nextval('own')");
    assertThat(texts())
        .containsExactly(
            "blocker public.own: exists on node 'branch' alone, used by public.b: it does not"
                + " follow any sequence of node 'root'");
    sql(branch, "alter table b alter s set default nextval('s'); drop sequence own");

    sql(root, "select setval('up', 60)");
    sql(branch, "select setval('up', 50, false); alter sequence up maxvalue 50");
    assertThat(texts())
        .containsExactly(
            "blocker public.up: its value 60 on node 'root' is outside of the bounds 1 to 50 on"
                + " node 'branch'");
    sql(branch, "alter sequence up maxvalue 60");
    assertThat(texts())
        .containsExactly(
            "blocker public.up: its value 60 on node 'root' is the last one that node 'branch' can"
                + " return");
    sql(branch, "alter sequence up maxvalue 90");
    assertThat(texts())
        .containsExactly(
            "warning public.up: returns 1 to 100 on node 'root' and 1 to 90 on node 'branch'");
    sql(branch, "alter sequence up maxvalue 100");
    sql(root, "select setval('up', 100)");
    assertThat(texts())
        .containsExactly(
            "warning public.up: its value 100 on node 'root' is the last one that node 'branch' can"
                + " return");
    sql(root, "select setval('up', 60)");

    sql(root, "select setval('down', -60)");
    sql(branch, "select setval('down', -50); alter sequence down minvalue -50");
    assertThat(texts())
        .containsExactly(
            "blocker public.down: its value -60 on node 'root' is outside of the bounds -50 to -1 on"
                + " node 'branch'");
    sql(branch, "alter sequence down minvalue -100");
    sql(branch, "alter sequence down increment 1 start -100");
    assertThat(texts())
        .containsExactly(
            "blocker public.down: increments by -1 on node 'root' and by 1 on node 'branch'");
    sql(branch, "alter sequence down increment -1 start -1");

    sql(branch, "alter sequence round no cycle increment 2");
    assertThat(texts())
        .containsExactlyInAnyOrder(
            "warning public.round: increments by 1 on node 'root' and by 2 on node 'branch'",
            "warning public.round: cycles on node 'root' and not on the other one");
    sql(branch, "alter sequence round cycle increment 1");
    if (!branchMajor.equals("9.6")) {
      sql(branch, "alter sequence s as smallint");
      nothing_is_found();
      sql(root, "alter sequence s maxvalue 50000; select setval('s', 40000)");
      assertThat(texts())
          .containsExactly(
              "blocker public.s: its value 40000 on node 'root' is outside of the bounds 1 to 32767"
                  + " on node 'branch'");
      sql(root, "select setval('s', 5); alter sequence s maxvalue 32767");
    }
    nothing_is_found();
  }

  @ParameterizedTest
  @CsvSource({"18, 18"})
  void an_identity_of_a_partitioned_table_is_a_sequence_of_its_partitions(
      String rootMajor, String branchMajor) throws Exception {
    cascade(
        rootMajor,
        branchMajor,
        """
        create table parent (id int generated always as identity primary key) partition by range (id);
        create table part partition of parent for values from (1) to (9)
        """);
    root.command("remove-seq", "parent_id_seq");
    branch.command("wait-root", "--timeout=60");
    assertThat(texts())
        .containsExactly(
            "blocker public.parent_id_seq: in no set, used by public.part: its values would be used"
                + " twice");
    root.command("add-seq", "parent_id_seq");
    branch.command("wait-root", "--timeout=60");
    branch.command("add-seq", "parent_id_seq");
    nothing_is_found();
  }

  @ParameterizedTest
  @CsvSource({"18, 9.6"})
  @WholeMatrix({"9.6, 18"})
  void workers_lag_and_locations(String rootMajor, String branchMajor) throws Exception {
    cascade(rootMajor, branchMajor, TABLES);
    nothing_is_found();

    branch.command("pause");
    assertThat(texts()).containsExactly("blocker worker 'branch' of node 'branch' is paused");
    ReadinessOptions hasty =
        new ReadinessOptions(false, false, true, Duration.ZERO, false, STRICT.longTransactionAge());
    sql(root, "insert into b values (1)");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> texts(hasty).stream().anyMatch(t -> t.contains("is behind node 'root' by ")));
    branch.command("resume");
    nothing_is_found();

    root.stop();
    assertThat(texts())
        .containsExactly(
            "warning worker 'root' of node 'root' may not run: no process holds its lock, but"
                + " Londiste's worker takes none");
    root.start();
    nothing_is_found();

    branch.database().executeAsReplica("insert into b values (2)");
    sql(root, "insert into b values (2)");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                texts().stream()
                    .anyMatch(
                        t -> t.startsWith("blocker worker 'branch' of node 'branch' fails: ")));
    branch.database().executeAsReplica("delete from b where id = 2");
    branch.command("resume");
    nothing_is_found();

    ticker.close();
    sql(root, "update pgq.queue set queue_ticker_idle_period = '-1 hour'"); // as if it had passed
    assertThat(texts())
        .anyMatch(
            t ->
                t.matches(
                    "blocker the last tick on root 'root' is \\d+ s old: is its ticker running.*"));
    sql(root, "update pgq.queue set queue_ticker_idle_period = '1 second'");
    ticker = new TestTicker(root.database());
    nothing_is_found();

    String location =
        root.database()
            .value("select node_location from pgq_node.node_location where node_name = 'branch'");
    sql(
        root,
        "update pgq_node.node_location set node_location = '%s' where node_name = 'branch'"
            .formatted(root.database().connectString()));
    assertThat(texts())
        .singleElement()
        .asString()
        .startsWith("blocker node 'root' has '")
        .endsWith("as location of node 'branch', which leads to node 'root'");
    sql(
        root,
        "update pgq_node.node_location set node_location = 'host=127.0.0.1 port=1 dbname=x' where node_name = 'branch'");
    assertThat(texts()).singleElement().asString().contains("which cannot be reached from here: ");
    sql(
        root,
        "update pgq_node.node_location set node_location = '%s' where node_name = 'branch'"
            .formatted(location));
    nothing_is_found();
  }

  @ParameterizedTest
  @CsvSource({"9.6, 18"})
  @WholeMatrix({"18, 9.6"})
  void long_transactions(String rootMajor, String branchMajor) throws Exception {
    cascade(rootMajor, branchMajor, TABLES);
    nothing_is_found();
    ReadinessOptions refuse =
        new ReadinessOptions(false, false, true, STRICT.maxLag(), true, Duration.ZERO);
    ReadinessOptions waiting =
        new ReadinessOptions(false, false, true, STRICT.maxLag(), false, Duration.ZERO);
    try (Connection session = root.database().connect();
        Statement statement = session.createStatement()) {
      statement.execute("set application_name = 'nightly'");
      session.setAutoCommit(false);
      statement.execute("insert into b values (7)");
      assertThat(texts(refuse))
          .anyMatch(
              text ->
                  text.matches(
                      "blocker \\[root] transaction open for \\d+ s holds replicated tables: pid \\d+,"
                          + " user postgres, application \"nightly\", idle in transaction: insert into b"
                          + " values \\(7\\)"));
      assertThat(texts(waiting))
          .anyMatch(text -> text.startsWith("warning [root] transaction open"));
      assertThat(texts()).isEmpty();
      session.rollback();
      statement.execute("select * from b");
      assertThat(texts(refuse)).noneMatch(text -> text.contains("nightly"));
    }
  }

  @Test
  void prepared_transactions() throws Exception {
    try (TestServer server = Servers.start(Servers.NEWEST, "max_prepared_transactions = 2")) {
      cascade(server.createDatabase(), Servers.oldest().createDatabase(), TABLES);
      nothing_is_found();
      root.database().execute("insert into b values (8); prepare transaction 'batch-8'");
      assertThat(texts())
          .singleElement()
          .asString()
          .matches(
              "blocker \\[root] prepared transaction 'batch-8' of user postgres, prepared \\d+ s ago,"
                  + " holds replicated tables");
      root.database().execute("rollback prepared 'batch-8'");
      nothing_is_found();
      branch.stop();
      root.stop();
    }
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handler {@code shard}: nodes have the rows whose hash is theirs, also after a row has moved. */
class ShardIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLE =
      """
      create schema partconf;
      create function partconf.get_hash_raw(integer) returns integer language sql immutable strict
        as 'select hashint4($1)';
      create table t (id int primary key, owner int, v text);
      create table u (id int primary key, v text);
      """;

  @TempDir private Path directory;

  private TestNode node(String name, String major, String... settings) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLE);
    return new TestNode(name, database, directory, settings);
  }

  /** As the partitioning howto of Londiste has it. */
  private static void oldConf(TestNode node, int number, int mask) {
    node.database().execute("create table partconf.conf (part_nr int, max_part int)");
    node.database().execute("insert into partconf.conf values (%d, %d)".formatted(number, mask));
  }

  private static void newConf(TestNode node, int number, int count) {
    node.database()
        .execute("create table partconf.conf (shard_nr int, shard_mask int, shard_count int)");
    node.database()
        .execute(
            "insert into partconf.conf values (%d, %d, %d)".formatted(number, count - 1, count));
  }

  private static void add(TestNode node, String... options) {
    add(node, options, "t", "--handler=shard", "--handler-arg=hash_key=owner");
    add(node, options, "u", "--handler=part", "--handler-arg=key=id");
  }

  private static void add(TestNode node, String[] options, String... table) {
    node.command(
        Stream.of(Stream.of("add-table"), Stream.of(table), Stream.of(options))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  private static List<@Nullable String> rows(TestNode node, String table, String condition) {
    return node.database()
        .column("select x::text from " + table + " x where " + condition + " order by id");
  }

  private static void hasItsRows(TestNode root, TestNode shard, int number, int mask) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (String table : List.of("t", "u")) {
                String hash = "hashint4(" + (table.equals("t") ? "owner" : "id") + ")";
                assertThat(rows(shard, table, "true"))
                    .as("%s of %s", table, shard.name())
                    .isEqualTo(rows(root, table, "(%s & %d) = %d".formatted(hash, mask, number)));
              }
            });
  }

  private static long completed(TestNode node) {
    return node.database().number("select max(last_tick_id) from pgq_node.local_state");
  }

  private static @Nullable String arguments(TestNode node) {
    return node.database()
        .value(
            "select encode(tgargs, 'escape') from pg_trigger where tgname = '_londiste_testq' and"
                + " tgrelid = 't'::regclass");
  }

  private static long hashFunctions(TestNode node) {
    return node.database()
        .number(
            "select count(*) from pg_proc where pronamespace = 'londiste'::regnamespace"
                + " and proname like '%\\_\\_hash'");
  }

  private static void history(TestDatabase root, long seed, int statements) {
    history(root, seed, statements, true);
  }

  /**
   * @param keys whether key updates occur, which only native triggers permit
   */
  private static void history(TestDatabase root, long seed, int statements, boolean keys) {
    Random random = new Random(seed);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < statements; i++) {
      int id = random.nextInt(60);
      int owner = random.nextInt(12);
      int other = 1000 + random.nextInt(60);
      all.add(
          switch (random.nextInt(keys ? 15 : 12)) {
            case 0, 1 ->
                "insert into t values (%d, %d, 'i') on conflict do nothing".formatted(id, owner);
            case 2 ->
                ("insert into t select i, i %% 7, 'many' from generate_series(%d, %d) i"
                        + " on conflict do nothing")
                    .formatted(id, id + 200);
            case 3 -> "update t set owner = %d where id = %d".formatted(owner, id);
            case 4 -> "update t set owner = owner + %d, v = 'moved'".formatted(owner);
            case 5 -> "update t set v = v || 'x' where owner = %d".formatted(owner);
            case 6 -> "update t set owner = null where id = %d".formatted(id);
            case 7 -> "delete from t where id between %d and %d".formatted(id, id + 5);
            case 8 ->
                "begin; update t set owner = owner + 1 where id < %1$d; delete from t where id = %1$d; insert into t values (%1$d, %2$d, 'again'); commit"
                    .formatted(id, owner);
            case 9 -> "insert into u values (%d, 'u') on conflict do nothing".formatted(id);
            case 10 -> "delete from u where id = %d".formatted(id);
            case 12 ->
                "update t set id = %1$d, owner = %2$d where id = %3$d and not exists (select 1 from t where id = %1$d)"
                    .formatted(other, owner, id);
            case 13 ->
                "update t set id = %1$d where id = %2$d and not exists (select 1 from t where id = %1$d)"
                    .formatted(id, other);
            case 14 ->
                "update u set id = %1$d, v = 'k' where id = %2$d and not exists (select 1 from u where id = %1$d)"
                    .formatted(other, id);
            default -> random.nextInt(8) == 0 ? "truncate t" : "update u set v = v || 'y'";
          });
    }
    root.executeEach(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"9.6, auto", "18, auto", "18, compatible"})
  void each_shard_has_its_rows_after_any_history(String major, String capture) {
    boolean keys = capture.equals("auto");
    try (TestNode root = node("root", major);
        TestNode zero = node("zero", major);
        TestNode one = node("one", "14")) {
      oldConf(zero, 0, 1);
      newConf(one, 1, 2);
      root.createRoot();
      add(root, "--capture=" + capture);
      history(root.database(), 1, 40, keys);
      try (TestTicker ticker = new TestTicker(root.database())) {
        for (TestNode shard : List.of(zero, one)) {
          shard.createBelow(NodeType.LEAF, root);
          shard.start();
          add(shard);
        }
        history(root.database(), 2, 100, keys);
        zero.command("wait-sync");
        one.command("wait-sync");
        hasItsRows(root, zero, 0, 1);
        hasItsRows(root, one, 1, 1);
        for (int seed = 3; seed < 6; seed++) {
          history(root.database(), seed, 60, keys);
          hasItsRows(root, zero, 0, 1);
          hasItsRows(root, one, 1, 1);
        }
        assertThat(zero.command("compare").log())
            .contains("Counting public.t")
            .doesNotContain("do not match");
        one.command("compare");
        one.database()
            .execute(
                "set session_replication_role = replica; insert into t select -i, i, 'x' from generate_series(1, 20) i");
        assertThat(CommandLine.run(one, "compare", "t").code()).isEqualTo(3);
        assertThat(CommandLine.run(one, "compare", "t", "--count-only").code()).isEqualTo(3);
      }
    }
  }

  @Test
  void a_branch_passes_on_what_its_subscribers_need() {
    try (TestNode root = node("root", "16");
        TestNode branch = node("branch", "13");
        TestNode quarter = node("quarter", "15");
        TestNode plain = node("plain", "18");
        TestNode relay = node("relay", "14")) {
      newConf(branch, 1, 2);
      newConf(quarter, 3, 4);
      newConf(relay, 0, 2);
      relay.database().execute("drop table t, u");
      root.createRoot();
      add(root);
      history(root.database(), 11, 40);
      try (TestTicker ticker = new TestTicker(root.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        add(branch);
        relay.createBelow(NodeType.BRANCH, root);
        for (String table : List.of("t", "u")) {
          relay.command(
              "add-table",
              table,
              "--handler=shard",
              "--handler-arg=hash_key=" + (table.equals("t") ? "owner" : "id"),
              "--handler-arg=disable_replay=1");
        }
        relay.start();
        Eventually.inSync(branch);
        Eventually.inSync(relay);
        quarter.createBelow(NodeType.LEAF, branch);
        quarter.start();
        add(quarter);
        plain.createBelow(NodeType.LEAF, branch);
        plain.start();
        plain.addTables(List.of("t", "u"));
        Eventually.inSync(quarter);
        Eventually.inSync(plain);
        for (int seed = 12; seed < 15; seed++) {
          history(root.database(), seed, 60);
          hasItsRows(root, branch, 1, 1);
          hasItsRows(root, quarter, 3, 3);
          hasItsRows(root, plain, 1, 1);
        }
        quarter.command("compare");
        plain.command("compare");
        long all =
            root.database()
                .number("select count(*) from pgq.event_template where ev_extra1 = 'public.t'");
        await().atMost(PATIENCE).until(() -> completed(relay) == completed(branch));
        long passed =
            relay
                .database()
                .number("select count(*) from pgq.event_template where ev_extra1 = 'public.t'");
        assertThat(passed).isPositive().isLessThan(all);
        assertThat(relay.command("check").log()).doesNotContain("public.t");
      }
    }
  }

  @Test
  void expressions_and_functions_determine_the_hash() {
    try (TestNode root =
            node("root", "12", "shard_hash_func = hashint4", "shard_info_sql = select 0, 0");
        TestNode shard =
            node("shard", "17", "shard_hash_func = hashint4", "shard_info_sql = select 1, 1, 2")) {
      root.createRoot();
      root.command(
          "add-table",
          "t",
          "--handler=shard",
          "--handler-arg=hash_key=owner",
          "--handler-arg=hash_expr=owner + length(v)");
      root.command("add-table", "u", "--handler=shard", "--handler-arg=hash_key=id");
      root.database()
          .execute("insert into t select i, i, repeat('x', i % 3) from generate_series(1, 50) i");
      root.database().execute("insert into u select i, 'x' from generate_series(1, 50) i");
      try (TestTicker ticker = new TestTicker(root.database())) {
        shard.createBelow(NodeType.LEAF, root);
        shard.start();
        shard.command(
            "add-table",
            "t",
            "--handler=shard",
            "--handler-arg=hash_key=owner",
            "--handler-arg=hashexpr=owner + length(v)");
        shard.command("add-table", "u", "--handler=shard", "--handler-arg=hash_key=id");
        Eventually.inSync(shard);
        root.database().execute("update t set v = v || 'y' where id % 5 = 0");
        root.database().execute("insert into u select i, 'x' from generate_series(51, 500) i");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(rows(shard, "t", "true"))
                      .isEqualTo(rows(root, "t", "((owner + length(v)) & 1) = 1"));
                  assertThat(rows(shard, "u", "true"))
                      .isEqualTo(rows(root, "u", "(hashint4(id) & 1) = 1"));
                });
        shard.command("compare");
      }
    }
  }

  @Test
  void an_event_without_hash_is_an_error_that_says_what_to_do() {
    try (TestNode root = node("root", "14");
        TestNode shard = node("shard", "14")) {
      newConf(shard, 1, 2);
      root.createRoot();
      root.addTables(List.of("t"));
      root.database().execute("insert into t select i, i, 'x' from generate_series(1, 20) i");
      try (TestTicker ticker = new TestTicker(root.database())) {
        shard.createBelow(NodeType.LEAF, root);
        shard.start();
        shard.command("add-table", "t", "--handler=shard", "--handler-arg=hash_key=owner");
        Eventually.inSync(shard);
        root.database().execute("insert into t values (21, 21, 'x')");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(shard.command("status").out())
                        .contains("handler 'shard' of table public.t: event ")
                        .contains("has no hash"));
        root.command("change-handler", "t", "--handler=shard", "--handler-arg=hash_key=owner");
        assertThat(root.database().value("select capture from londiste._capture_status('testq')"))
            .isEqualTo("statement");
        assertThat(hashFunctions(root)).isEqualTo(1);
        shard.command("resync", "t");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(rows(shard, "t", "true"))
                        .isEqualTo(rows(root, "t", "(hashint4(owner) & 1) = 1")));
        Eventually.inSync(shard);
        String arguments = arguments(root);
        assertThat(arguments).contains("ev_extra3='hash='||partconf.get_hash_raw(owner)", "backup");
        root.database().execute("drop trigger _londiste_testq on t");
        root.command("regenerate-triggers", "t");
        assertThat(arguments(root)).isEqualTo(arguments);
        root.command("regenerate-triggers", "--capture=compatible", "t");
        assertThat(arguments(root)).contains("ev_extra3='hash='||", "backup");
        assertThat(hashFunctions(root)).isZero();
        root.command("regenerate-triggers", "--capture=auto", "t");
        assertThat(arguments(root)).isEqualTo(arguments);
        assertThat(root.database().value("select stale from londiste._capture_status('testq')"))
            .isEqualTo("f");
        root.command("change-handler", "t");
        assertThat(root.database().value("select capture from londiste._capture_status('testq')"))
            .isEqualTo("statement");
        assertThat(hashFunctions(root)).isZero();
      }
    }
  }

  @Test
  void wrong_settings_are_refused_before_anything_is_added() {
    try (TestNode root = node("root", "14", "shard_hash_func = nosuch.f");
        TestNode shard = node("shard", "14")) {
      root.createRoot();
      CommandLine.Outcome added =
          CommandLine.run(
              root, "add-table", "t", "--handler=shard", "--handler-arg=hash_key=owner");
      assertThat(added.code()).isEqualTo(1);
      assertThat(added.log())
          .contains("handler 'shard' of table public.t: cannot compute hashes: ")
          .contains("HINT:  create the hash function");
      root.addTables(List.of("t", "u"));
      shard.createBelow(NodeType.LEAF, root);
      String[] words = {"add-table", "t", "--handler=shard", "--handler-arg=hash_key=owner"};
      assertThat(CommandLine.run(shard, words).log())
          .contains("there is no table partconf.conf here");
      newConf(shard, 1, 3);
      assertThat(CommandLine.run(shard, words).log())
          .contains("returned mask 2 for 3 shards: the count must be a power of two");
      shard
          .database()
          .execute("update partconf.conf set shard_mask = 1, shard_count = 2, shard_nr = 2");
      assertThat(CommandLine.run(shard, words).log()).contains("returned shard number 2 of 2");
      shard.database().execute("delete from partconf.conf");
      assertThat(CommandLine.run(shard, words).log()).contains("returned 0 rows");
      assertThat(CommandLine.run(shard, "add-table", "t", "--handler=shard(hash_key=owner)").log())
          .contains("arguments do not belong here");
    }
  }

  @Test
  void partitions_of_a_sharded_table_come_and_go() {
    try (TestNode root = node("root", "16");
        TestNode one = node("one", "13");
        TestNode two = node("two", "18")) {
      PartitionHistory history = new PartitionHistory(root.database(), 16, 5);
      history.begin();
      String[] add = {"add-table", "p", "--create", "--handler=shard", "--handler-arg=key=id"};
      newConf(root, 0, 2);
      root.createRoot();
      root.start();
      root.command(add);
      try (TestTicker ticker = new TestTicker(root.database())) {
        int number = 0;
        for (TestNode shard : List.of(one, two)) {
          newConf(shard, number++, 2);
          shard.createBelow(NodeType.LEAF, root);
          shard.start();
          shard.command(add);
          Eventually.inSync(shard);
        }
        for (int i = 0; i < 3; i++) {
          history.go(15);
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () -> {
                    assertThat(rows(one, "p", "true"))
                        .isEqualTo(rows(root, "p", "hashint4(id) & 1 = 0"));
                    assertThat(rows(two, "p", "true"))
                        .isEqualTo(rows(root, "p", "hashint4(id) & 1 = 1"));
                  });
        }
      }
    }
  }
}

package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.SkipMark;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows that a node refuses, with {@code on_error = dead-letter} and {@code skip-event}: the node
 * continues, keeps or discards the events, and marks their tables.
 */
@SuppressWarnings("NullAway.Init") // each test begins with cascade()
class DeadLettersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int HISTORIES = Integer.getInteger("jlondiste.histories", 2);
  private static final String T = "create table t (id int primary key, v text not null, n int)";
  private static final String REFUSE =
      "alter table t add constraint good check (v <> 'bad') not valid";
  private static final String ACCEPT = "alter table t drop constraint good";

  @TempDir private Path directory;
  private final List<TestNode> nodes = new ArrayList<>();
  private @Nullable TestTicker ticker;
  private TestNode root;
  private TestNode leaf;

  @AfterEach
  void drop() {
    if (ticker != null) {
      ticker.close();
    }
    nodes.forEach(node -> node.database().bringBack());
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).close();
    }
  }

  private TestNode node(String name, String major, String... settings) {
    TestNode node = new TestNode(name, Servers.shared(major).createDatabase(), directory, settings);
    nodes.add(node);
    return node;
  }

  /** A root and a leaf that have the tables; nothing is added and the worker is stopped. */
  private void cascade(String major, String structure, String... settings) {
    root = node("root", major);
    leaf = node("leaf", major, settings);
    root.createRoot();
    root.database()
        .execute("select pgq.set_queue_config('testq', 'ticker_idle_period', '100 milliseconds')");
    root.database().execute(structure);
    leaf.database().execute(structure);
    ticker = new TestTicker(root.database());
    leaf.createBelow(NodeType.LEAF, root);
  }

  /** The same, with these tables in sync and the worker running. */
  private void replicate(String major, String structure, List<String> tables, String... options) {
    cascade(major, structure);
    root.addTables(tables);
    List<String> words = new ArrayList<>(List.of("add-table"));
    words.addAll(tables);
    words.addAll(List.of(options));
    leaf.command(words.toArray(String[]::new));
    leaf.start();
    Eventually.inSync(leaf);
  }

  private void equal(String table) {
    String rows = "select t::text from " + table + " t order by 1";
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(leaf.database().column(rows)).isEqualTo(root.database().column(rows)));
  }

  private void has(long letters) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(leaf.database().count("londiste.dead_letter")).isEqualTo(letters));
  }

  /** All events before this call are applied or skipped. */
  private void applied() {
    root.database().execute("select pgq.force_tick('testq')");
    long tick = root.database().number("select max(tick_id) from pgq.tick");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                leaf.database()
                        .number(
                            "select last_tick_id from pgq_node.local_state where consumer_name ="
                                + " 'leaf'")
                    > tick);
  }

  @ParameterizedTest
  @ValueSource(strings = "9.6")
  @WholeMatrix({"13", "18"})
  void one_row_of_thousands_is_kept_whole_and_applied_later(String major) {
    replicate(
        major,
        T + "; create table other (id int primary key)",
        List.of("t", "other"),
        "--on-error=dead-letter");
    leaf.database().execute(REFUSE);
    root.database()
        .execute(
            """
            insert into other select generate_series(1, 1000);
            insert into t select i, case i when 700 then 'bad' else 'good & ''' || i end, i
                            from generate_series(1, 1500) i
            """);
    has(1);
    equal("other");
    assertThat(leaf.database().count("t")).isEqualTo(1499);
    String event =
        "ev_id || ' ' || ev_time || ' ' || ev_type || ' ' || ev_data || ' ' || ev_extra1";
    assertThat(
            leaf.database()
                .value("select " + event + " || node_name || sql_state from londiste.dead_letter"))
        .isEqualTo(
            root.database()
                .value(
                    "select "
                        + event
                        + " || 'leaf23514' from pgq.event_template"
                        + " where ev_data like '%bad%'"));
    assertThat(leaf.database().value("select error from londiste.dead_letter"))
        .contains("violates check constraint \"good\"");
    assertThat(
            leaf.database()
                .value(
                    "select coalesce(cur_error, 'fine') from pgq_node.local_state where"
                        + " consumer_name = 'leaf'"))
        .isEqualTo("fine");

    // what follows waits behind it, other rows do not
    root.database().execute("update t set n = n + 10000 where id in (699, 700, 701)");
    has(2);
    applied();
    assertThat(leaf.database().number("select sum(n) from t where id in (699, 701)"))
        .isEqualTo(21_400);

    String mark =
        "public\\.t: 2 events skipped, 2 of them in dead-letters, differs until 'dead-letters"
            + " --retry public\\.t', 'repair --apply public\\.t' or 'resync public\\.t': ev_id \\d+"
            + " waits behind an earlier dead letter of its row";
    assertThat(leaf.command("tables").out()).containsPattern(mark);
    assertThat(leaf.command("status").out()).containsPattern(mark);
    assertThat(CommandLine.run(leaf, "status", "--check").code()).isEqualTo(3);
    CommandLine.Outcome check = CommandLine.run(leaf, "check");
    assertThat(check.code()).isEqualTo(3);
    assertThat(check.log()).containsPattern(mark);
    CommandLine.Outcome cutOver = CommandLine.run(leaf, "check", "--cut-over");
    assertThat(cutOver.code()).isEqualTo(3);
    assertThat(cutOver.out())
        .contains("public.t: differs on node 'leaf': 2 events skipped")
        .contains("there: 'dead-letters --retry public.t', 'repair --apply public.t' or 'resync");
    CommandLine.Outcome takeover = CommandLine.run(leaf, "takeover", "root");
    assertThat(takeover.code()).isEqualTo(1);
    assertThat(takeover.log()).contains("public.t: differs on node 'leaf': 2 events skipped");
    assertThat(leaf.command("wait-sync").code()).isZero();

    CommandLine.Outcome early = CommandLine.run(leaf, "dead-letters", "--retry");
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.log())
        .contains("0 letter(s) applied, 1 refused again, 1 waiting behind these");
    assertThat(leaf.command("dead-letters").out())
        .containsPattern("1 +public\\.t +\\d+ +INSERT id=700 +\\S+Z +2 +23514 ERROR: new row")
        .containsPattern("2 +public\\.t +\\d+ +UPDATE id=700 .* +1 +waits behind");
    leaf.database().execute(ACCEPT);
    assertThat(CommandLine.run(leaf, "dead-letters", "--retry", "--id=2").log())
        .contains("dead letter 2 waits behind an earlier one");
    assertThat(leaf.command("dead-letters", "t", "--retry").log())
        .contains("2 letter(s) applied, 0 refused again");
    equal("t");
    has(0);
    assertThat(leaf.database().count("londiste.table_fault")).isZero();
    assertThat(leaf.command("tables").out()).doesNotContain("skipped");
    root.database().execute("update t set n = 0 where id = 700");
    equal("t");
    has(0);
  }

  @Test
  void events_are_discarded_and_a_repair_or_resync_ends_the_mark() {
    replicate("18", T, List.of("t"));
    assertThat(leaf.command("change-on-error", "t", "--on-error=skip-event").log())
        .contains("public.t: on_error is skip-event");
    assertThat(leaf.command("tables").out()).contains("'on_error': 'skip-event'");
    leaf.database().execute(REFUSE);
    root.database().execute("insert into t values (1, 'bad', 1), (2, 'good', 2), (3, 'bad', 3)");
    applied();
    assertThat(leaf.database().count("t")).isEqualTo(1);
    has(0);
    assertThat(leaf.command("tables").out())
        .containsPattern(
            "public\\.t: 2 events skipped, 0 of them in dead-letters, differs until 'repair"
                + " --apply public\\.t' or 'resync public\\.t': ev_id \\d+, table public\\.t, INSERT,"
                + " key id=3: ERROR: new row");
    assertThat(leaf.command("dead-letters", "--retry").log()).contains("0 letter(s) applied");
    assertThat(leaf.command("tables").out()).contains("2 events skipped");

    assertThat(CommandLine.run(leaf, "repair", "--apply", "t").log())
        .contains("violates check constraint");
    leaf.database().execute(ACCEPT);
    assertThat(leaf.command("repair", "--apply", "--repair-where=id <> 3", "t").log())
        .contains("public.t: only a part was compared, so it stays marked");
    assertThat(leaf.database().count("t")).isEqualTo(2);
    assertThat(leaf.command("tables").out()).contains("2 events skipped");
    assertThat(leaf.command("repair", "--apply", "t").log())
        .contains("public.t: repaired, its skipped events have no effect any longer");
    equal("t");
    assertThat(leaf.command("tables").out()).doesNotContain("skipped");

    leaf.database().execute(REFUSE);
    root.database().execute("insert into t values (4, 'bad', 4)");
    applied();
    assertThat(leaf.command("tables").out()).contains("public.t: 1 event skipped");
    leaf.database().execute(ACCEPT);
    leaf.command("resync", "t");
    Eventually.inSync(leaf);
    equal("t");
    assertThat(leaf.command("tables").out()).doesNotContain("skipped");
    leaf.command("change-on-error", "t");
    assertThat(leaf.command("tables").out()).doesNotContain("on_error");
  }

  @Test
  void letters_are_purged_or_end_with_a_resync_or_truncate() {
    replicate("18", T + "; create table u (like t including all)", List.of("t", "u"));
    leaf.command("change-on-error", "--all", "--on-error=dead-letter");
    leaf.database().execute(REFUSE);
    leaf.database().execute("alter table u add check (v <> 'bad')");
    root.database()
        .execute(
            "insert into t values (1, 'bad', 1), (2, 'bad', 2); insert into u select * from t");
    has(4);
    assertThat(leaf.command("dead-letters", "u", "--json").out())
        .contains("\"table_name\" : \"public.u\"", "bad")
        .contains("\"skipped_events\" : 2")
        .doesNotContain("\"id\" : 1,");
    assertThat(leaf.command("dead-letters", "--limit=1").out()).doesNotContain("public.u  ");
    assertThat(CommandLine.run(leaf, "dead-letters", "--purge").log()).contains("which letters?");
    assertThat(CommandLine.run(leaf, "dead-letters", "--purge", "--retry").code()).isEqualTo(1);
    assertThat(CommandLine.run(leaf, "dead-letters", "--id=77").log())
        .contains("no such dead letter: 77");
    assertThat(CommandLine.run(leaf, "dead-letters", "--limit=0").code()).isEqualTo(1);
    assertThat(CommandLine.run(leaf, "dead-letters", "nosuch").code()).isEqualTo(1);
    String first = leaf.database().value("select min(id)::text from londiste.dead_letter");
    assertThat(leaf.command("dead-letters", "--purge", "--id=" + first).log())
        .contains("1 letter(s) deleted");
    has(3);
    assertThat(leaf.command("tables").out())
        .contains("public.t: 2 events skipped, 1 of them in dead-letters, differs until 'repair");

    root.database().execute("truncate u; insert into u values (1, 'good', 1)");
    equal("u");
    has(1);
    assertThat(leaf.command("tables").out()).doesNotContain("public.u: 2");
    leaf.command("dead-letters", "--purge", "--all");
    has(0);
    assertThat(leaf.command("tables").out()).contains("public.t: 2 events skipped, 0 of them");

    root.database().execute("insert into t values (3, 'bad', 3)");
    has(1);
    leaf.database().execute(ACCEPT);
    leaf.command("resync", "t");
    has(0);
    Eventually.inSync(leaf);
    equal("t");
    assertThat(leaf.database().count("londiste.table_fault")).isZero();
  }

  @Test
  void references_triggers_and_missing_columns_are_retried_in_their_order() {
    replicate(
        "18",
        """
        create table parent (id int primary key, v text);
        create table child (id int primary key, parent int references parent (id), v text)
        """,
        List.of("parent", "child"),
        "--on-error=dead-letter");
    Eventually.hasForeignKeys(root, leaf);
    leaf.database()
        .execute(
            """
            do $$ declare r record; begin
              for r in select tgname from pg_trigger where tgrelid = 'child'::regclass
                          and tgisinternal loop
                execute format('alter table child enable always trigger %I', r.tgname);
              end loop; end $$;
            create function refuse() returns trigger language plpgsql as
              $$ begin if new.v = 'bad' then raise exception 'not this one'; end if;
                 return new; end $$;
            create trigger refuse before insert or update on parent
              for each row execute procedure refuse();
            alter table parent enable always trigger refuse
            """);
    root.database()
        .execute(
            """
            insert into parent select i, case when i % 10 = 0 then 'bad' else 'good' end
                                 from generate_series(1, 50) i;
            insert into child select i, i, 'x' from generate_series(1, 50) i
            """);
    has(10);
    assertThat(
            leaf.database()
                .column("select distinct sql_state from londiste.dead_letter order by 1"))
        .containsExactly("23503", "P0001");
    leaf.database().execute("alter table child drop column v");
    root.database().execute("insert into child values (51, 1, 'y')");
    has(11);
    leaf.database().execute("alter table child add column v text default 'x'");
    leaf.database().execute("alter table parent disable trigger refuse");
    leaf.command("dead-letters", "--retry");
    equal("parent");
    equal("child");
    assertThat(leaf.database().count("londiste.table_fault")).isZero();
  }

  @Test
  void a_table_that_stops_the_node_still_does() throws SQLException {
    replicate("18", T + "; create table strict (like t including all)", List.of("t", "strict"));
    leaf.command("change-on-error", "t", "--on-error=dead-letter");
    leaf.database().execute(REFUSE);
    leaf.database().execute("alter table strict add constraint good check (v <> 'bad')");
    root.database()
        .execute("insert into t values (1, 'bad', 1); insert into strict values (1, 'bad', 1)");
    String error = "select cur_error from pgq_node.local_state where consumer_name = 'leaf'";
    await()
        .atMost(PATIENCE)
        .until(() -> String.valueOf(leaf.database().value(error)).contains("table public.strict"));
    has(0);
    leaf.command("change-on-error", "strict", "--on-error=dead-letter"); // tries at once
    has(2);
    TableName t = TableName.parse("public.t");
    try (Connection db = leaf.database().connect()) {
      assertThat(SkipMark.repaired(db, "testq", t, 0)).isFalse(); // the event came later
      has(2);
      assertThat(SkipMark.repaired(db, "testq", t, Long.MAX_VALUE)).isTrue();
    }
    has(1);
    assertThat(leaf.command("tables").out()).doesNotContain("public.t: 1").contains("strict: 1");
  }

  /** Their errors come with the commit, so they name no event. */
  @Test
  void deferred_constraints_skip_their_events_too() {
    cascade("18", T, "on_error = dead-letter", "apply_sets = 0");
    root.addTables(List.of("t"));
    leaf.addTables(List.of("t"));
    leaf.start();
    Eventually.inSync(leaf);
    leaf.database()
        .execute(
            """
            create function refuse() returns trigger language plpgsql as
              $$ begin if new.v = 'bad' then raise exception 'not this one'; end if;
                 return null; end $$;
            create constraint trigger later after insert or update on t
              deferrable initially deferred for each row execute procedure refuse();
            alter table t enable always trigger later
            """);
    root.database()
        .executeEach(
            "insert into t select i, case i when 8 then 'bad' else 'good' end, i"
                + " from generate_series(1, 100) i",
            "update t set v = 'bad' where id = 70",
            "update t set n = 101 - n where id < 90");
    has(4);
    applied();
    assertThat(leaf.database().count("t")).isEqualTo(99);
    leaf.database().execute("alter table t disable trigger later");
    leaf.command("dead-letters", "--retry");
    equal("t");
    has(0);
  }

  @Test
  void handlers_write_what_is_retried() {
    cascade(
        "18", "create table t (id int primary key, v text, secret text)", "on_error = dead-letter");
    leaf.database()
        .execute(
            "drop table t; create table t (nr int primary key, v text check (v <> 'bad'));"
                + " create table d (id int primary key, v text check (v <> 'bad'), at timestamp)");
    root.database().execute("create table d (id int primary key, v text, at timestamp)");
    root.addTables(List.of("t", "d"));
    leaf.command(
        "add-table",
        "t",
        "--handler=columns",
        "--handler-arg=skip_fields=secret",
        "--handler-arg=rename=id:nr");
    leaf.command(
        "add-table",
        "d",
        "--handler=dispatch",
        "--handler-arg=part_mode=date_field",
        "--handler-arg=part_field=at",
        "--handler-arg=period=month");
    leaf.start();
    Eventually.inSync(leaf);
    root.database()
        .execute(
            """
            insert into t select i, case i when 7 then 'bad' else 'v' end, 's'
                            from generate_series(1, 300) i;
            insert into d select i, case i when 8 then 'bad' else 'v' end,
                                 '2026-01-15'::timestamp + i * interval '1 day'
                            from generate_series(1, 100) i
            """);
    has(2);
    assertThat(leaf.database().count("t")).isEqualTo(299);
    assertThat(leaf.database().count("d")).isEqualTo(99);
    leaf.database().execute("alter table t drop constraint t_v_check");
    leaf.database().execute("alter table d drop constraint d_v_check");
    leaf.database().execute("alter table d_2026_01 drop constraint if exists d_v_check");
    leaf.command("dead-letters", "--retry");
    has(0);
    assertThat(leaf.database().value("select v from t where nr = 7")).isEqualTo("bad");
    assertThat(leaf.database().count("d where id = 8 and v = 'bad'")).isEqualTo(1);
  }

  @Test
  void a_branch_passes_on_what_it_has_skipped() {
    root = node("root", "18");
    TestNode branch = node("branch", "18");
    leaf = node("leaf", "9.6");
    root.createRoot();
    List.of(root, branch, leaf).forEach(node -> node.database().execute(T));
    root.addTables(List.of("t"));
    ticker = new TestTicker(root.database());
    branch.createBelow(NodeType.BRANCH, root);
    branch.command("add-table", "t", "--on-error=dead-letter");
    branch.start();
    Eventually.inSync(branch);
    leaf.createBelow(NodeType.LEAF, branch);
    leaf.addTables(List.of("t"));
    leaf.start();
    Eventually.inSync(leaf);
    branch.database().execute(REFUSE);
    root.database()
        .executeEach(
            "insert into t select i, case i % 5 when 0 then 'bad' else 'good' end, i"
                + " from generate_series(1, 1000) i",
            "update t set n = -n",
            "update t set id = -id where id between 100 and 200",
            "delete from t where id > 990");
    equal("t");
    assertThat(leaf.database().count("londiste.dead_letter")).isZero();
    assertThat(branch.database().count("t where v = 'bad'")).isZero();
    branch.database().execute(ACCEPT);
    branch.command("dead-letters", "--retry");
    String rows = "select t::text from t order by 1";
    assertThat(branch.database().column(rows)).isEqualTo(root.database().column(rows));

    branch.database().execute(REFUSE);
    root.database().execute("insert into t values (5000, 'bad', 0)");
    equal("t");
    root.database().lose();
    ticker.close();
    ticker = new TestTicker(branch.database()); // the takeover waits for one
    CommandLine.Outcome refused = CommandLine.run(branch, "takeover", "root", "--dead-root");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.log())
        .contains("node 'branch' lacks changes of 'root':\n  public.t: 1 event skipped")
        .contains("--ignore-missing");
    assertThat(branch.command("takeover", "root", "--dead-root", "--ignore-missing").log())
        .contains("[branch] public.t: 1 event skipped");
    assertThat(CommandLine.run(branch, "dead-letters", "--retry").log())
        .contains("this node is the root");
  }

  @Test
  void after_a_retry_random_histories_have_the_rows_of_the_root() {
    replicate("18", T, List.of("t"), "--on-error=dead-letter");
    leaf.database()
        .execute(
            "create function f() returns trigger language plpgsql as 'begin return new; end';"
                + " create trigger f before insert or update on t"
                + " for each row execute procedure f()");
    for (int round = 0; round < HISTORIES; round++) {
      long seed = System.nanoTime();
      // where a trigger fires, updates of keys stay updates
      leaf.database()
          .execute(
              "alter table t " + (round % 2 == 0 ? "disable" : "enable always") + " trigger f");
      leaf.database().execute(REFUSE);
      history(new Random(seed));
      applied();
      leaf.database().execute(ACCEPT);
      CommandLine.Outcome retry = CommandLine.run(leaf, "dead-letters", "--retry");
      String rows = "select t::text from t order by 1";
      assertThat(leaf.database().column(rows))
          .as("seed " + seed + "\n" + retry.log())
          .isEqualTo(root.database().column(rows));
      assertThat(retry.code()).as(retry.log()).isZero();
      assertThat(leaf.command("tables").out()).doesNotContain("skipped");
    }
  }

  private void history(Random random) {
    for (int i = 0; i < 25; i++) {
      int id = random.nextInt(40);
      root.database()
          .execute(
              switch (random.nextInt(12)) {
                case 0 -> "delete from t where id %% 7 = %d".formatted(id % 7);
                case 1 ->
                    "update t set id = id + 100 where id = "
                        + id
                        + " and not exists"
                        + " (select 1 from t where id = "
                        + (id + 100)
                        + ")";
                case 2 -> "update t set v = 'bad' where id %% 5 = %d".formatted(id % 5);
                case 3 -> "update t set v = 'good' where id %% 5 = %d".formatted(id % 5);
                case 4 -> "update t set n = n + 1";
                case 5 ->
                    ("do $$ begin update t set id = -id where id between %d and %d;"
                            + " exception when unique_violation then null; end $$")
                        .formatted(id - 5, id + 5);
                case 6 -> random.nextInt(6) == 0 ? "truncate t" : "delete from t where id = " + id;
                case 7 ->
                    ("insert into t select i, case i %% 50 when 3 then 'bad' else 'good' end, i from"
                            + " generate_series(%d, %d) i on conflict do nothing")
                        .formatted(id, id + 300);
                default ->
                    "insert into t values (%d, '%s', 0) on conflict do nothing"
                        .formatted(id, random.nextBoolean() ? "bad" : "good");
              });
    }
  }

  @Test
  void policies_that_do_not_exist_or_cannot_be_stored_are_refused() {
    cascade("18", T, "on_error = stop");
    root.addTables(List.of("t"));
    CommandLine.Outcome wrong = CommandLine.run(leaf, "add-table", "t", "--on-error=ignore");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.log())
        .contains("--on-error=ignore: no such policy")
        .contains("stop, set-aside, skip-event or dead-letter");
    TestNode other = new TestNode("other", leaf.database(), directory, "on_error = retry");
    assertThatThrownBy(other::settings)
        .hasMessageContaining("invalid value \"retry\" for parameter on_error");

    // as a database with Londiste's SQL or that of an older release
    leaf = new TestNode("leaf", leaf.database(), directory, "on_error = dead-letter");
    leaf.addTables(List.of("t"));
    leaf.start();
    Eventually.inSync(leaf);
    leaf.stop();
    leaf.database().execute("drop table londiste.dead_letter");
    CommandLine.Outcome old =
        CommandLine.run(leaf, "change-on-error", "t", "--on-error=dead-letter");
    assertThat(old.code()).isEqualTo(1);
    assertThat(old.log())
        .contains("--on-error=dead-letter: this database cannot store skipped events")
        .contains("install.sql");
    assertThat(CommandLine.run(leaf, "dead-letters").log()).contains("cannot store skipped events");
    leaf.start();
    try {
      leaf.database().execute(REFUSE);
      root.database().execute("insert into t values (1, 'bad', 1)");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  String.valueOf(
                          leaf.database()
                              .value(
                                  "select cur_error from pgq_node.local_state where consumer_name ="
                                      + " 'leaf'"))
                      .contains("violates check constraint"));
      leaf.database()
          .execute(
              "alter table londiste.table_fault drop constraint table_fault_kind, add constraint"
                  + " table_fault_kind check (kind in ('copy', 'apply', 'reference'))");
      leaf.database().load(Path.of("sql/londiste/tables.sql"));
      has(1); // the worker that stood there notices
      assertThat(leaf.command("tables").out()).contains("1 event skipped, 1 of them");
    } finally {
      leaf.stop();
    }
  }

  @Test
  void each_queue_of_a_merge_has_its_own_letters() {
    try (MergeCluster cluster = new MergeCluster(directory, "18")) {
      for (int source = 1; source <= 2; source++) {
        cluster.add(Servers.shared("18").createDatabase(), 10);
      }
      cluster.leaf(1).command("add-table", "mydata", "--merge-all");
      cluster.leaves().forEach(TestNode::start);
      cluster.awaitEqual();
      cluster.leaf(2).command("change-on-error", "mydata", "--on-error=dead-letter");
      cluster.target().execute("alter table mydata add constraint good check (t <> 'row 15')");
      cluster.write(2, 11, 20);
      await().atMost(PATIENCE).until(() -> cluster.target().count("londiste.dead_letter") == 1);
      assertThat(cluster.leaf(1).command("dead-letters").out()).isEmpty();
      assertThat(cluster.leaf(1).command("dead-letters", "--retry").log())
          .contains("0 letter(s) applied, 0 refused");
      assertThat(cluster.leaf(2).command("dead-letters").out()).contains("INSERT id=20000015");
      cluster.target().execute("alter table mydata drop constraint good");
      cluster.leaf(2).command("dead-letters", "--retry");
      cluster.awaitEqual();
    }
  }
}

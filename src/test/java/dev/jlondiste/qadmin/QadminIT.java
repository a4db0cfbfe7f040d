package dev.jlondiste.qadmin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs commands as the owner of a database, without other privileges. */
class QadminIT {
  private record Outcome(int code, String out, String err) {}

  @TempDir private Path directory;

  private static Outcome run(boolean keyboard, String input, List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        QadminProgram.run(
            args,
            keyboard,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Outcome run(TestDatabase database, String... commands) {
    List<String> args = new ArrayList<>(List.of("-d", database.connectString()));
    for (String command : commands) {
      args.addAll(List.of("-c", command));
    }
    return run(false, "", args);
  }

  /** Runs commands that must succeed, and returns their output. */
  private static String answer(TestDatabase database, String... commands) {
    Outcome outcome = run(database, commands);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    return outcome.out();
  }

  private static String refusal(TestDatabase database, String... commands) {
    Outcome outcome = run(database, commands);
    assertThat(outcome.code()).as(outcome.out()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("ERROR:  ");
    return outcome.err();
  }

  private static TestDatabase database(String major) {
    return Servers.shared(major).createDatabaseOwnedBy("plain_owner");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "15", "18"})
  void a_queue_is_created_used_and_dropped(String major) {
    try (TestDatabase db = database(major)) {
      assertThat(answer(db, "install pgq; create queue test_queue;"))
          .isEqualTo("INSTALL\nCREATE\n");
      assertThat(answer(db, "install pgq", "create queue test_queue"))
          .isEqualTo("INSTALL\nQueue already exists\n");
      assertThat(
              answer(
                  db,
                  "alter queue test_queue set max_lag='1 second', ticker_max_count = 10, paused=on,"
                      + " queue_ticker_idle_period='30 s', rotation_period='90 min'"))
          .isEqualTo("ALTER\n");
      assertThat(shape(answer(db, "show queue")))
          .isEqualTo(
              """
               queue_name | tables | max_count | max_lag | idle_period | paused | ticker_lag | ev_per_sec | ev_new
              -+-+-+-+-+-+-+-+-
               test_queue | 0/3 | 10 | TIME | TIME | t | TIME | | 0
              (1 row)

              """);
      assertThat(answer(db, "show queue")).contains("| 00:00:01 | 00:00:30    | t ");
      assertThat(db.value("select queue_rotation_period from pgq.queue")).isEqualTo("01:30:00");

      assertThat(
              answer(
                  db,
                  "connect queue=test_queue; register consumer c1; register consumer c1;"
                      + " register consumer c2 copy c1; register consumer c3 on test_queue at 1"))
          .isEqualTo("CONNECT\nREGISTER\nConsumer already registered\nREGISTER\nREGISTER\n");
      assertThat(shape(answer(db, "show consumer c2")))
          .isEqualTo(
              """
               queue_name | consumer_name | lag | last_seen | last_tick | current_batch | next_tick | pending_events
              -+-+-+-+-+-+-+-
               test_queue | c2 | TIME | TIME | 1 | | | 0
              (1 row)

              """);
      assertThat(answer(db, "show status"))
          .contains("Database \"" + db.name() + "\", PostgreSQL " + major, ", pgq 3.5\n")
          .contains(
              " test_queue | 0/3    | 01:30:00 | paused | ", "\n test_queue | c3 ", "(3 rows)");
      assertThat(answer(db, "show version")).startsWith("qadmin, ").endsWith("\npgq 3.5\n");

      assertThat(answer(db, "unregister consumer c1 from test_queue")).isEqualTo("UNREGISTER\n");
      assertThat(refusal(db, "drop queue test_queue"))
          .contains("consumers are still registered: c2, c3")
          .contains("HINT:  stop them, then run: unregister consumer * from test_queue;");
      assertThat(answer(db, "unregister consumer * from test_queue; drop queue test_queue"))
          .isEqualTo("UNREGISTER\nDROP\n");
      assertThat(db.count("pgq.queue")).isZero();
    }
  }

  /** Replaces times, which differ in each run, and normalizes the width of their columns. */
  private static String shape(String table) {
    return table
        .replaceAll("\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?", "TIME")
        .replaceAll(" +", " ")
        .replaceAll("-+", "-")
        .replaceAll("(?m) $", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "15", "18"})
  void a_batch_is_shown_in_parts_and_stays_open(String major) {
    try (TestDatabase db = database(major)) {
      answer(db, "install pgq; create queue q; register consumer c on q");
      db.execute("select pgq.insert_event('q', 't', 'data ' || i) from generate_series(1, 650) i");
      db.execute("select pgq.force_tick('q')");
      db.execute("select pgq.ticker()");
      assertThat(refusal(db, "show batch c on q")).contains("consumer has no open batch: \"c\"");
      String batch = db.value("select pgq.next_batch('q', 'c')");
      String shown = answer(db, "show batch " + batch);
      assertThat(shown).contains("| data 1 ", "| data 650 ").endsWith("(650 rows)\n\n");
      assertThat(shown.lines().filter(line -> line.contains("ev_extra4"))).hasSize(3);
      assertThat(answer(db, "connect queue=q; show batch c limit 2"))
          .startsWith("CONNECT\n")
          .contains("| data 2 ")
          .doesNotContain("data 3 ")
          .endsWith("(2 rows)\n\n");
      assertThat(answer(db, "begin; show batch c on q limit 1; show batch c on q limit 1; commit"))
          .startsWith("BEGIN\n")
          .endsWith("(1 row)\n\nCOMMIT\n");
      assertThat(db.value("select sub_batch from pgq.subscription")).isEqualTo(batch);
      assertThat(refusal(db, "show batch 999")).contains("batch 999 is not open");
      assertThat(refusal(db, "show batch c")).contains("No queue specified", "-Q NAME");
    }
  }

  @Test
  void a_failed_command_changes_nothing() {
    try (TestDatabase db = database("18")) {
      answer(db, "install pgq; create queue a; create queue b");
      String before = db.rows("select * from pgq.queue order by 1").toString();
      assertThat(refusal(db, "alter queue * set max_count=7, max_lag='1 s', idle_period='soon'"))
          .contains("idle_period cannot be 'soon', nothing was changed")
          .contains("HINT:  idle_period is an interval that is not negative");
      assertThat(refusal(db, "alter queue a set max_lag='-1 s'")).contains("max_lag cannot be");
      assertThat(refusal(db, "alter queue a set max_count=many")).contains("a whole number");
      assertThat(refusal(db, "alter queue a set paused=perhaps")).contains("true or false");
      assertThat(refusal(db, "alter queue a set size=1"))
          .contains(
              "no setting \"size\"", "possible settings: max_count, max_lag, idle_period, paused");
      assertThat(refusal(db, "alter queue c set paused=on")).contains("queue not found: \"c\"");
      assertThat(db.rows("select * from pgq.queue order by 1")).hasToString(before);
    }
  }

  @Test
  void unknown_names_are_refused() {
    try (TestDatabase db = database("15")) {
      assertThat(refusal(db, "create queue q"))
          .contains("schema pgq is not installed in database \"" + db.name() + "\"")
          .contains("HINT:  install it: install pgq;");
      assertThat(refusal(db, "install pgg")).contains("did you mean \"pgq\"?", "londiste, pgq");
      answer(db, "install pgq; create queue orders; register consumer billing on orders");
      assertThat(refusal(db, "show queue order"))
          .contains("queue not found: \"order\"; did you mean \"orders\"?");
      assertThat(refusal(db, "drop queue x")).contains("queue not found: \"x\"", "show queue *;");
      assertThat(refusal(db, "register consumer c on order")).contains("did you mean \"orders\"?");
      assertThat(refusal(db, "register consumer c")).contains("No queue specified");
      assertThat(refusal(db, "register consumer c on orders at 77"))
          .contains("queue \"orders\" has no tick 77", "use a tick from 1 to 1");
      assertThat(refusal(db, "register consumer c on orders copy biling"))
          .contains("\"biling\" is not registered on queue \"orders\"; did you mean \"billing\"?");
      assertThat(refusal(db, "unregister consumer c from orders"))
          .contains("\"c\" is not registered");
      assertThat(refusal(db, "show consumer c")).contains("not registered on any queue here");
      assertThat(refusal(db, "show table t")).contains("there is no table public.t");
      assertThat(refusal(db, "show sequence t")).contains("there is no sequence public.t");
      assertThat(refusal(db, "show node")).contains("schema pgq_node is not installed");
      assertThat(refusal(db, "connect queue=order")).contains("queue not found");
      assertThat(refusal(db, "connect dbname=no_such_db")).contains("database \"no_such_db\"");
      assertThat(refusal(db, "connect dbnam=x")).contains("unknown keyword \"dbnam\"");
      assertThat(refusal(db, "register subconsumer s for billing on orders"))
          .contains("schema pgq_coop is not installed", "install pgq_coop;");
      assertThat(db.count("pgq.subscription")).isEqualTo(1);
    }
  }

  @Test
  void a_refused_connection_leaves_the_old_one() {
    try (TestDatabase db = database("18");
        TestDatabase other = database("18")) {
      answer(db, "install pgq; create queue q");
      String typed =
          "connect dbname=%1$s queue=q;\nshow queue;\nconnect dbname=%1$s;\nshow queue;\n"
              .formatted(other.name());
      Outcome outcome = run(true, typed, List.of("-d", db.connectString()));
      assertThat(outcome.code()).as("an interactive session continues after errors").isZero();
      assertThat(outcome.err().lines().filter(line -> line.startsWith("ERROR")))
          .containsExactly(
              "ERROR:  schema pgq is not installed in database \"" + other.name() + "\"",
              "ERROR:  schema pgq is not installed in database \"" + other.name() + "\"");
      assertThat(outcome.out())
          .contains(db.name() + "=>  queue_name | ", "\n q ", other.name() + "=> ");
    }
  }

  @Test
  void sql_is_sent_as_it_is() {
    try (TestDatabase db = database("18")) {
      assertThat(
              answer(
                  db,
                  """
                  create function f() returns int language sql as $$ select 1; select 2; $$;
                  create table t (a int, b text default ';');
                  insert into t values (1), (22);
                  select a, b, null as n from t order by a;
                  update t set a = 3 where a = 1; select 'a?b', ?::text as x from t limit 0
                  """
                      .replace("?::text", "'?'::text")))
          .isEqualTo(
              """
              CREATE
              CREATE
              INSERT 2
               a  | b | n\s
              ----+---+---
                1 | ; |\s
               22 | ; |\s
              (2 rows)

              UPDATE 1
               ?column? | x\s
              ----------+---
              (0 rows)

              """);
      assertThat(refusal(db, "select a,\n  c from t"))
          .isEqualTo("ERROR:  column \"c\" does not exist\nLINE 2:   c from t\n          ^\n");
      assertThat(refusal(db, "crate queue q"))
          .contains("syntax error at or near \"crate\"", "did you mean \"create queue\"?");
      assertThat(refusal(db, "show queues")).contains("did you mean \"show queue\"?");
      Outcome noticed = run(db, "do $$ begin raise warning 'semicolon;in text'; end $$");
      assertThat(noticed.err()).isEqualTo("WARNING:  semicolon;in text\n");
    }
  }

  @Test
  void a_transaction_of_the_operator_remains_open() {
    try (TestDatabase db = database("15")) {
      answer(db, "install pgq");
      String typed = "begin; create queue a; create queue b on; drop queue x; commit;";
      Outcome outcome = run(true, typed, List.of("-d", db.connectString()));
      assertThat(outcome.out()).contains("BEGIN\n", "CREATE\n", "COMMIT\n");
      assertThat(db.column("select queue_name from pgq.queue")).containsExactly("a");
      assertThat(answer(db, "begin; create queue c; rollback"))
          .isEqualTo("BEGIN\nCREATE\nROLLBACK\n");
      assertThat(db.column("select queue_name from pgq.queue")).containsExactly("a");
    }
  }

  @Test
  void files_and_standard_input_end_at_the_first_error() throws IOException {
    try (TestDatabase db = database("15")) {
      Path file = directory.resolve("queues.sql");
      Files.writeString(
          file, "install pgq;\n-- next\ncreate queue a;\ncreate queu b;\ncreate queue c");
      List<String> args = List.of("-d", db.connectString(), "-f", file.toString());
      Outcome outcome = run(false, "", args);
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.out()).isEqualTo("INSTALL\nCREATE\n");
      assertThat(outcome.err())
          .startsWith(file + ":4: ERROR:  syntax error")
          .contains("did you mean \"create queue\"?");
      List<String> stdin = List.of("-d", db.connectString(), "-c", "show queue a", "-f", "-");
      assertThat(run(false, "create queue d; exit; create queue e;", stdin))
          .matches(done -> done.code() == 0)
          .matches(done -> done.out().endsWith("CREATE\n"));
      assertThat(db.column("select queue_name from pgq.queue order by 1"))
          .containsExactly("a", "d");
      Outcome missing = run(false, "", List.of("-f", directory.resolve("no").toString()));
      assertThat(missing.err()).contains("could not read ", "no such file");
    }
  }

  @Test
  void nodes_and_their_tables() {
    try (TestDatabase db = database("18")) {
      answer(
          db,
          "install londiste; create table t (id serial primary key, v text)",
          "do $$ begin perform pgq_node.register_location('q', 'root', 'host=h password=geheim',"
              + " false); perform pgq_node.create_node('q', 'root', 'root', 'w', null, null, null);"
              + " end $$");
      assertThat(answer(db, "show node"))
          .contains(" q     | root | host=h password=*** | f")
          .doesNotContain("geheim");
      assertThat(refusal(db, "show node leaf on q")).contains("node not found: \"leaf\"");
      assertThat(refusal(db, "show node on x"))
          .contains("queue \"x\" is not cascaded in this database");
      assertThat(refusal(db, "connect queue=q node=rot"))
          .contains("node not found: \"rot\"; did you mean \"root\"?");
      assertThat(refusal(db, "drop queue q")).contains("belongs to node 'root'", "drop-node root");
      assertThat(answer(db, "connect queue=q; londiste missing"))
          .contains(" r        | public.t\n", " S        | public.t_id_seq\n");
      assertThat(
              answer(db, "connect queue=q; londiste add table t; londiste add sequence t_id_seq"))
          .contains(" public.t |  200 | Table added: public.t", "ADD_TABLE\n", "ADD_SEQUENCE\n");
      assertThat(answer(db, "connect queue=q; londiste tables; londiste seqs"))
          .contains(" public.t   | t     | ok ", " public.t_id_seq | t     | ");
      assertThat(refusal(db, "connect queue=q; londiste remove table t, nix"))
          .contains("public.nix: 400 Table not found: public.nix", "nothing was changed");
      assertThat(answer(db, "connect queue=q; londiste tables")).contains("(1 row)");
      assertThat(answer(db, "connect queue=q; londiste remove table t"))
          .endsWith("\n(1 row)\n\nREMOVE_TABLE\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "15", "18"})
  void the_script_of_a_table_creates_it_again(String major) {
    try (TestDatabase db = database(major)) {
      answer(
          db,
          """
          create sequence "Odd Seq" increment 5;
          create table parent (id int primary key);
          create table child (id serial primary key, p int references parent, v text default ';');
          create index on child (v)
          """);
      assertThat(answer(db, "show sequence \"Odd Seq\""))
          .startsWith("create sequence \"public\".\"Odd Seq\"")
          .contains("increment by 5");
      String script = answer(db, "show table child");
      answer(db, "drop table child", script);
      assertThat(answer(db, "show table public.child")).isEqualTo(script);
    }
  }

  @Test
  void subconsumers_are_registered_and_unregistered() {
    try (TestDatabase db = database("15")) {
      answer(db, "install pgq; create queue q; register consumer c on q");
      db.execute(
          """
          create schema pgq_coop;
          create function pgq_coop.register_subconsumer(q text, c text, s text) returns int
            language sql as $$ select pgq.register_consumer(q, c || '.' || s) $$;
          create function pgq_coop.unregister_subconsumer(q text, c text, s text, how int)
            returns int language sql as $$ select pgq.unregister_consumer(q, c || '.' || s) $$;
          """);
      assertThat(
              answer(
                  db,
                  "connect queue=q; register subconsumer s for c; register subconsumer s for c;"
                      + " register subconsumer t for c"))
          .endsWith("REGISTER\nSubconsumer already registered\nREGISTER\n");
      assertThat(refusal(db, "unregister subconsumer u for c from q"))
          .contains("consumer \"c\" on queue \"q\" has no subconsumer \"u\"");
      db.execute("select pgq.force_tick('q')");
      db.execute("select pgq.ticker()");
      db.execute("select pgq.next_batch('q', 'c.s')");
      assertThat(refusal(db, "unregister subconsumer * for c from q"))
          .contains("subconsumer \"s\" of \"c\" has batch 1 open", "'close batch'");
      assertThat(answer(db, "unregister subconsumer * for c from q close batch"))
          .isEqualTo("UNREGISTER\n");
      assertThat(db.column("select co_name from pgq.consumer")).containsExactly("c");
    }
  }

  @Test
  void options() {
    assertThat(run(false, "", List.of("--version")).out()).startsWith("qadmin, Skytools version ");
    assertThat(run(false, "", List.of("--help")).out())
        .containsPattern("-Q +QUEUE")
        .containsPattern("-f +FILE")
        .contains("Exit code");
    Outcome wrong = run(false, "", List.of("-x"));
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("qadmin: error: ").contains("-x");
    try (TestDatabase db = database("15")) {
      List<String> server =
          List.of(
              "-h",
              db.server().host(),
              "-p",
              "" + db.server().port(),
              "-Uplain_owner",
              "-d",
              db.name());
      List<String> args = new ArrayList<>(server);
      args.addAll(List.of("-c", "install pgq; create queue q", "-Q", "q", "-c", "show queue"));
      Outcome outcome = run(false, "", args);
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.out()).startsWith("INSTALL\nCREATE\n").contains("\n q ");
    }
  }
}

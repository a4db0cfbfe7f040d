package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jlondiste.contract.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for each of the functions that make events of row changes: when there is an event,
 * what the arguments do, what is refused. How a row is written is a matter of each.
 */
abstract class TriggerContract extends PgqContract {
  private static final String CHANGES = "insert or update or delete";

  private final Queue<String> spareQueues = new ArrayDeque<>();
  private final List<Watched> watched = new ArrayList<>();
  private int tables;

  @BeforeEach
  void ownTypes() {
    if (value("select to_regtype('yesno')") == null) {
      session().ask("set timezone = 'UTC'");
      session().ask("create domain yesno as boolean");
      session().ask("create domain small as integer");
      session().ask("create domain moment as timestamp");
      session().ask("create type mood as enum ('ok', 'so so')");
      session().ask("create type pair as (yes yesno, it text)");
    }
  }

  /** Making a queue takes longer than most of the tests do. */
  @AfterEach
  void giveQueuesBack() {
    for (Watched done : watched) {
      done.forgetEvents();
      configure(
          done.queue,
          "queue_disable_insert = false, queue_external_ticker = false,"
              + " queue_ticker_paused = false, queue_per_tx_limit = null");
      spareQueues.add(done.queue);
    }
    watched.clear();
  }

  @AfterParameterizedClassInvocation
  void forgetQueues() {
    spareQueues.clear();
  }

  /** A table of its own and a queue of its own; {@code #} in statements is the table's name. */
  final class Watched {
    final String table;
    final String queue = spareQueues.isEmpty() ? queue() : spareQueues.remove();
    private int triggers;

    private Watched(String table) {
      this.table = table;
      watched.add(this);
    }

    /** Adds the trigger: {@code "before update", "row"}. */
    Watched on(String firing, String level, String... arguments) {
      return raw(firing, level, queue, arguments);
    }

    /** As {@link #on}, to a queue of any name. */
    Watched raw(String firing, String level, String queue, String... arguments) {
      return run(
          "create trigger t"
              + ++triggers
              + " "
              + firing
              + " on # for each "
              + level
              + " execute procedure pgq."
              + function()
              + "("
              + String.join(", ", quoted(queue, arguments))
              + ")");
    }

    private List<String> quoted(String queue, String... arguments) {
      List<String> all = new ArrayList<>(List.of("'" + queue + "'"));
      for (String argument : arguments) {
        all.add("'" + argument.replace("'", "''") + "'");
      }
      return all;
    }

    Watched run(String... statements) {
      for (String sql : statements) {
        session().ask(sql.replace("#", table));
      }
      return this;
    }

    Watched runIn(Session other, String sql) {
      other.ask(sql.replace("#", table));
      return this;
    }

    Failure failure(String sql) {
      return session().failure(sql.replace("#", table));
    }

    String refusal(String sql) {
      return failure(sql).message();
    }

    String refusalIn(Session other, String sql) {
      return other.failure(sql.replace("#", table)).message();
    }

    List<List<@Nullable String>> rows(String columns) {
      return TriggerContract.this.rows("select " + columns + " from " + table + " order by 1");
    }

    /** Of all events so far. */
    List<List<@Nullable String>> events(String columns) {
      return stored(queue, columns);
    }

    /** Of all events so far, I, U, D or R. */
    List<@Nullable String> kinds() {
      return column(
          "select coalesce(substring(ev_type from '^([IUDR])(:|$)'),"
              + " translate(left(ev_type::json ->> 'op', 1), 'T', 'R')) from "
              + setting(queue, "queue_data_pfx")
              + " order by ev_id");
    }

    private void forgetEvents() {
      run("delete from " + setting(queue, "queue_data_pfx"));
    }

    /** Fields of the only event, and forgets it. */
    List<@Nullable String> event(String columns) {
      List<List<@Nullable String>> events = events(columns);
      assertThat(events).hasSize(1);
      forgetEvents();
      return events.get(0);
    }
  }

  /** A table without triggers. */
  Watched table(String columns) {
    Watched created = new Watched("public.t" + ++tables);
    return created.run("create table # (" + columns + ")");
  }

  /** A table whose row changes become events after they happened. */
  Watched watched(String columns, String... arguments) {
    return table(columns).on("after " + CHANGES, "row", arguments);
  }

  /** ev_type and ev_data of a row (1, value) in a table (id, v). */
  List<@Nullable String> eventOf(String type, String value) {
    Watched t = watched("id int primary key, v " + type);
    return t.run("insert into # values (1, " + value + ")").event("ev_type, ev_data");
  }

  /**
   * Inserts in a session that writes dates the German way. Not on old servers: they report each
   * change of DateStyle at once, and the driver ends a session at any but ISO.
   */
  void insertTheGermanWay(Watched t, String values) {
    assumeTrue(major() >= 14, "the driver insists on ISO");
    t.run(
        "do $$ begin"
            + " perform set_config('datestyle', 'german', true);"
            + " insert into # values ("
            + values
            + ");"
            + " perform set_config('datestyle', 'iso', true);"
            + " end $$");
  }

  private Watched pairs(String... arguments) {
    return watched("id int primary key, b text", arguments);
  }

  private Watched onePair(String... arguments) {
    return table("id int primary key, b text")
        .run("insert into # values (1, 'old')")
        .on("after " + CHANGES, "row", arguments);
  }

  // ---- when there is an event

  @Test
  void isDeclaredAsATriggerForWriters() {
    assertThat(declarations()).containsExactly(function() + "() returns trigger");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void isForTriggersOnly() {
    assertThat(session().failure("select pgq." + function() + "()").message())
        .containsAnyOf("can only be called as triggers", "not called as trigger");
  }

  @Test
  void everyChangedRowIsAnEvent() {
    Watched t =
        pairs()
            .run("insert into # values (1, 'a'), (2, 'b')", "update # set b = 'c'")
            .run("delete from # where id = 2", "delete from # where id = 3");

    assertThat(t.kinds()).containsExactly("I", "I", "U", "U", "D");
    assertThat(t.events("distinct ev_extra1, ev_extra2, ev_extra3, ev_extra4, 1 as ev_id"))
        .containsExactly(Arrays.asList(t.table, null, null, null, "1"));
  }

  @Test
  void eventsAreOfTheWritersTransaction() {
    Watched t = pairs();
    try (Session writer = open().begin()) {
      t.runIn(writer, "insert into # values (1, 'a')");
      assertThat(
              writer.row(
                  "select ev_txid = txid_current(), ev_time = now(), ev_owner, ev_retry from "
                      + setting(t.queue, "queue_data_pfx")))
          .containsExactly("t", "t", null, null);
      writer.rollback();
    }

    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void eventsGoThroughTheFunctionThatMayBeReplaced() {
    Watched t = pairs();
    try (Session observer = open().begin()) {
      observer.ask(
          """
          create or replace function pgq.insert_event(queue_name text, ev_type text, ev_data text,
              ev_extra1 text, ev_extra2 text, ev_extra3 text, ev_extra4 text)
          returns bigint language plpgsql as
          'begin raise notice ''% %'', queue_name, ev_extra1; return 0; end'
          """);
      assertThat(observer.ask("insert into " + t.table + " values (1, 'a')").warnings())
          .containsExactly("NOTICE: " + t.queue + " " + t.table);
    }
  }

  @Test
  void aBeforeTriggerLetsTheRowPass() {
    Watched t = table("id int primary key, b text").on("before " + CHANGES, "row");

    t.run(
        "insert into # values (1, 'a'), (2, 'b')",
        "update # set b = 'c'",
        "delete from # where id = 2");

    assertThat(t.rows("*")).containsExactly(List.of("1", "c"));
    assertThat(t.kinds()).containsExactly("I", "I", "U", "U", "D");
  }

  @Test
  void theTableIsNamedPlainly() {
    session().ask("create schema if not exists \"Odd schema\"");
    Watched t = new Watched("\"Odd schema\".\"T a.b\"");
    t.run("create table # (id int primary key)").on("after insert", "row");

    t.run("insert into # values (1)");

    assertThat(t.event("ev_extra1")).containsExactly("Odd schema.T a.b");
    t.run("drop table #");
  }

  @Test
  void aTruncateIsOneEvent() {
    Watched t = pairs().on("after truncate", "statement").run("insert into # values (1, 'a')");
    t.run("truncate #");

    assertThat(t.kinds()).containsExactly("I", "R");
    assertThat(t.rows("*")).isEmpty();
    assertThat(t.events("ev_extra1, ev_extra2, ev_extra3, ev_extra4").get(1))
        .containsExactly(t.table, null, null, null);
  }

  @Test
  void aTruncateMayBeToldBefore() {
    Watched t =
        table("id int").on("before truncate", "statement", "SKIP").run("insert into # values (1)");
    t.run("truncate #");

    assertThat(t.kinds()).containsExactly("R");
    assertThat(t.rows("*")).as("a statement is not skipped").isEmpty();
  }

  @Test
  void aTableWithoutAKeyCanGrow() {
    Watched t = watched("a int, b text").run("insert into # values (1, 'x')");

    assertThat(t.kinds()).containsExactly("I");
  }

  @Test
  void aTableWithoutColumnsCanGrow() {
    assertThat(watched("").run("insert into # default values").kinds()).containsExactly("I");
  }

  @ParameterizedTest
  @CsvSource({"update # set b = 'z', UPDATE", "delete from #, DELETE"})
  void aTableWithoutAKeyCannotChange(String sql, String operation) {
    Watched t = table("a int, b text").run("insert into # values (1, 'x')");
    t.on("after " + CHANGES, "row");

    Failure failure = t.failure(sql);
    assertThat(failure.message()).isEqualTo("Update/Delete on table without pkey");
    // the reference gives no hints
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs()
                ? "add a primary key, or name the key columns in the trigger: pkey=col1,col2"
                : null);
    assertThat(t.rows("*")).as(operation).containsExactly(List.of("1", "x"));
  }

  @Test
  void aKeyCannotChange() {
    Watched t = onePair();

    assertThat(t.refusal("update # set id = 2")).isEqualTo("primary key update not allowed");
    assertThat(t.rows("*")).containsExactly(List.of("1", "old"));
    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void whatAKeyIndexMerelyIncludesCanChange() {
    assumeTrue(major() >= 11, "primary keys include no columns yet");
    Watched t =
        watched("a int, b int, primary key (a) include (b)").run("insert into # values (1, 2)");

    // the reference takes all columns of the index for the key
    if (installation().isOurs()) {
      assertThat(t.run("update # set b = 3").kinds()).containsExactly("I", "U");
    } else {
      assertThat(t.refusal("update # set b = 3")).isEqualTo("primary key update not allowed");
    }
  }

  @Test
  void anUpdateOfNothingIsAnEvent() {
    assertThat(onePair().run("update # set b = b, id = id").kinds()).containsExactly("U");
  }

  @Test
  void droppedColumnsAreForgotten() {
    Watched t =
        watched("gone int, id int primary key, b text").run("alter table # drop column gone");

    t.run("insert into # values (1, 'a')", "update # set b = 'c'", "delete from #");

    assertThat(t.kinds()).containsExactly("I", "U", "D");
    assertThat(t.events("ev_data").toString()).doesNotContain("gone", "dropped");
  }

  @Test
  void eventsOfAPartitionedTableNameThePartition() {
    assumeTrue(major() >= 13, "no row triggers on partitioned tables yet");
    Watched t = new Watched("public.whole" + function());
    t.run(
        "create table # (id int primary key, b text) partition by range (id)",
        "create table " + t.table + "_part partition of # for values from (0) to (100)");
    t.on("after insert", "row").run("insert into # values (1, 'x')");

    assertThat(t.event("ev_extra1")).containsExactly(t.table + "_part");
  }

  int major() {
    return (int) number("select current_setting('server_version_num')::int / 10000");
  }

  // ---- queues

  @Test
  void theQueueMustExist() {
    Watched t = table("id int primary key").raw("after insert", "row", "nowhere");

    assertThat(t.refusal("insert into # values (1)")).isEqualTo("No such queue");
    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void aQueueThatIsNotAskedForNeedNotExist() {
    table("id int primary key")
        .raw("after insert", "row", "nowhere", "when=false")
        .run("insert into # values (1)");
  }

  @Test
  void aDisabledQueueRefusesTheChange() {
    Watched t = pairs();
    configure(t.queue, "queue_disable_insert = true");

    assertThat(t.refusal("insert into # values (1, 'a')"))
        .isEqualTo("Insert into queue disallowed");
    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void aQueueWithTicksFromElsewhereTakesEvents() {
    Watched t = pairs();
    configure(t.queue, "queue_external_ticker = true, queue_ticker_paused = true");

    assertThat(t.run("insert into # values (1, 'a')").kinds()).containsExactly("I");
  }

  @Test
  void aTransactionMayChangeAsManyRowsAsTheQueueAllows() {
    Watched t = pairs();
    configure(t.queue, "queue_per_tx_limit = 2");

    t.run("insert into # values (1, 'a'), (2, 'b')", "delete from #");
    assertThat(t.refusal("insert into # select g, 'x' from generate_series(1, 3) g"))
        .isEqualTo("Queue '" + t.queue + "' allows max 2 events from one TX");
    assertThat(t.kinds()).containsExactly("I", "I", "D", "D");
  }

  // ---- arguments

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "BACKUP",
        "backup=1",
        "ignore",
        "pkey",
        "ev_extra5=1",
        "ev_foo=1",
        "SKIP ",
        "no_triggers",
        "expect_sync",
        "skip_truncate",
        "merge_all",
        "no_merge",
        "virtual_table",
        "tgflags=BI",
        "Deny"
      })
  void unknownArgumentsAreRefused(String argument) {
    Watched t = pairs(argument);

    Failure failure = t.failure("insert into # values (1, 'a')");
    assertThat(failure.message()).isEqualTo("bad param to pgq trigger");
    // the reference does not say which
    assertThat(failure.detail())
        .isEqualTo(installation().isOurs() ? "Argument: " + argument : null);
  }

  @Test
  void skipKeepsTheRowFromChanging() {
    Watched t = table("id int primary key, b text").run("insert into # values (1, 'old')");
    t.on("before " + CHANGES, "row", "SKIP");

    t.run("insert into # values (2, 'new')", "update # set b = 'new'", "delete from #");

    assertThat(t.rows("*")).containsExactly(List.of("1", "old"));
    assertThat(t.kinds()).containsExactly("I", "U", "D");
  }

  @Test
  void skipDoesNotKeepAnEventWithoutOne() {
    Watched t = table("id int primary key").on("before insert", "row", "SKIP", "when=false");

    t.run("insert into # values (1)");

    assertThat(t.rows("*")).isEmpty();
    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void skipInLowerCaseIsOurs() {
    Watched t = table("id int primary key").on("before insert", "row", "skip");

    // an extension that costs nothing; the reference's other variant takes it too
    if (installation().isOurs()) {
      assertThat(t.run("insert into # values (1)").rows("*")).isEmpty();
    } else {
      assertThat(t.refusal("insert into # values (1)")).isEqualTo("bad param to pgq trigger");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into # values (2, 'x')",
        "update # set b = 'x'",
        "delete from #",
        "truncate #"
      })
  void skipIsTooLateAfterwards(String sql) {
    Watched t = onePair("SKIP").on("after truncate", "statement", "SKIP");

    assertThat(t.refusal(sql)).isEqualTo("SKIP does not work in AFTER trigger.");
    assertThat(t.rows("*")).containsExactly(List.of("1", "old"));
  }

  @ParameterizedTest
  @CsvSource({
    "'insert into # values (2, ''x'')', INSERT",
    "update # set b = 'x', UPDATE",
    "delete from #, DELETE",
    "truncate #, TRUNCATE",
  })
  void denyRefusesEveryChange(String sql, String operation) {
    Watched t = onePair("deny").on("before truncate", "statement", "deny");

    assertThat(t.refusal(sql))
        .isEqualTo(
            "Table '"
                + t.table
                + "' to queue '"
                + t.queue
                + "': change not allowed ("
                + operation
                + ")");
    assertThat(t.rows("*")).containsExactly(List.of("1", "old"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ignore=b,c", "ignore=b c", "ignore=x,c,b"})
  void ignoredColumnsAreLeftOut(String ignore) {
    Watched t = watched("id int primary key, b text, c text, d text", ignore, "backup");

    t.run("insert into # values (1, 'bee', 'cee', 'dee')", "update # set b = 'bumble', d = 'dip'");

    assertThat(t.kinds()).containsExactly("I", "U");
    assertThat(t.events("ev_data, ev_extra2").toString())
        .contains("dee", "dip")
        .doesNotContain("bee", "cee", "bumble");
  }

  @Test
  void anUpdateOfIgnoredColumnsOnlyIsNoEvent() {
    Watched t = onePair("ignore=b").run("update # set b = 'new'");

    assertThat(t.kinds()).isEmpty();
    assertThat(t.rows("*")).containsExactly(List.of("1", "new"));
  }

  @Test
  void anUpdateOfNothingIsAnEventEvenSo() {
    assertThat(onePair("ignore=b").run("update # set b = b").kinds()).containsExactly("U");
  }

  @Test
  void anIgnoredKeyStillCannotChange() {
    assertThat(onePair("ignore=id,b").refusal("update # set id = 2, b = 'x'"))
        .isEqualTo("primary key update not allowed");
  }

  @Test
  void ofTwoListsTheLastCounts() {
    Watched t =
        watched("id int primary key, b text, c text", "ignore=b", "ignore=c", "pkey=b", "pkey=id");

    t.run("insert into # values (1, 'bee', 'cee')", "update # set b = 'bumble'");

    assertThat(t.kinds()).containsExactly("I", "U");
    assertThat(t.events("ev_data").toString()).contains("bee").doesNotContain("cee");
  }

  @Test
  void keyColumnsMayBeNamed() {
    Watched t = watched("a int, b int, c int", "pkey=b,c").run("insert into # values (1, 2, 3)");

    t.run("update # set a = 9");

    assertThat(t.refusal("update # set c = 9")).isEqualTo("primary key update not allowed");
    assertThat(t.run("delete from #").kinds()).containsExactly("I", "U", "D");
  }

  @Test
  void keyColumnsThatAreNamedReplaceThePrimaryKey() {
    Watched t = onePair("pkey=b").run("update # set id = 2");

    assertThat(t.kinds()).containsExactly("U");
    assertThat(t.refusal("update # set b = 'x'")).isEqualTo("primary key update not allowed");
  }

  @Test
  void noKeyColumnsIsNoKey() {
    assertThat(onePair("pkey=").refusal("update # set b = 'x'"))
        .isEqualTo("Update/Delete on table without pkey");
  }

  @Test
  void onlyAnUpdateHasABackup() {
    Watched t = pairs("backup").run("insert into # values (1, 'old')");

    t.run("update # set b = 'new'", "delete from #");

    assertThat(t.events("ev_extra2 is null"))
        .containsExactly(List.of("t"), List.of("f"), List.of("t"));
  }

  // ---- expressions

  @ParameterizedTest
  @ValueSource(strings = {"ev_type", "ev_data", "ev_extra1", "ev_extra2", "ev_extra3", "ev_extra4"})
  void everyFieldMayBeAnExpression(String field) {
    Watched t = pairs(field + "=b || id").run("insert into # values (1, 'x')");

    assertThat(t.event(field)).containsExactly("x1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ev_type", "ev_data", "ev_extra1", "ev_extra2"})
  void anExpressionMayTakeAFieldAway(String field) {
    Watched t = onePair("backup", field + "=null").run("update # set b = 'x'");

    assertThat(t.event(field)).containsOnlyNulls();
  }

  @Test
  void otherFieldsStayAsTheyAre() {
    Watched plain = pairs().run("insert into # values (1, 'x')");
    Watched t = pairs("ev_extra3='three'").run("insert into # values (1, 'x')");

    assertThat(t.events("ev_type, ev_data").get(0).get(1))
        .isEqualTo(plain.events("ev_type, ev_data").get(0).get(1));
    assertThat(t.event("ev_extra1, ev_extra3, ev_extra4")).containsExactly(t.table, "three", null);
  }

  @Test
  void columnsAreThoseOfTheNewRowOrOfTheDeletedOne() {
    Watched t = onePair("ev_extra4=b");

    t.run(
        "insert into # values (2, 'two')",
        "update # set b = 'new' where id = 1",
        "delete from # where id = 2");

    assertThat(t.events("ev_extra4"))
        .containsExactly(List.of("two"), List.of("new"), List.of("two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`'b'||b`                   | bit's",
        "b /* b */ -- b             | it's",
        "`$$b$$||b||$x$ b $x$`      | `bit's b `",
        "x.y from (select b as y) x | it's",
        "`id::text||id`             | 11",
        "`e'b\\'b'||b`            | b'bit's",
        "id = 1                     | t",
        "array[b, 'c']              | {it's,c}",
        "upper(b)                   | IT'S",
        "b;                         | it's",
        "(select count(*) from pg_class where false) | 0",
        "'12'::int + id             | 13",
        "null::text                 | ",
        "' '                        | ` `",
      })
  void anExpressionIsAnySqlOverTheColumns(String expression, @Nullable String text) {
    Watched t = pairs("ev_data=" + expression).run("insert into # values (1, 'it''s')");

    assertThat(t.event("ev_data")).isEqualTo(Collections.singletonList(text));
  }

  @Test
  void quotedColumnsAndFunctionsNamedLikeColumnsAreTold() {
    Watched t =
        watched(
            "id int primary key, upper text, \"Odd b\" text", "ev_data=upper(upper) || \"Odd b\"");

    // the reference refuses quoted names, and takes the function for a column
    if (installation().isOurs()) {
      assertThat(t.run("insert into # values (1, 'u', 'b')").event("ev_data"))
          .containsExactly("Ub");
    } else {
      assertThat(t.refusal("insert into # values (1, 'u', 'b')")).isEqualTo("QB: syntax error");
    }
  }

  @Test
  void noExpressionIsNull() {
    assertThat(
            pairs("ev_data=", "ev_type= ")
                .run("insert into # values (1, 'x')")
                .event("ev_type, ev_data"))
        .containsOnlyNulls();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"id from generate_series(1, 2) | 2", "id where false | 0"})
  void anExpressionGivesOneRow(String expression, int rows) {
    assertThat(pairs("ev_data=" + expression).refusal("insert into # values (1, 'x')"))
        .isEqualTo("Expect 1 row from override query, got " + rows);
  }

  @ParameterizedTest
  @CsvSource({"nosuch, 42703", "B, 42703", "1 +, 42601", "1/0, 22012"})
  void aWrongExpressionFailsTheChange(String expression, String state) {
    Watched t = pairs("ev_data=" + expression);

    assertThat(t.failure("insert into # values (1, 'x')").state()).isEqualTo(state);
    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void anExpressionIsNoSecondStatement() {
    Watched t = pairs("ev_data=1; drop table pgq.retry_queue");

    assertThat(t.failure("insert into # values (1, 'x')").state()).isIn("42601", "0A000");
    assertThat(number("select count(*) from pgq.retry_queue")).isZero();
  }

  @Test
  void ofTwoExpressionsForOneFieldTheFirstCounts() {
    assertThat(
            pairs("ev_type='a'", "ev_type='b'")
                .run("insert into # values (1, 'x')")
                .event("ev_type"))
        .containsExactly("a");
  }

  @Test
  void aConditionSaysWhichRowsAreEvents() {
    Watched t = pairs("when=b <> 'quiet' and id < 10");

    t.run(
        "insert into # values (1, 'a'), (2, 'quiet'), (11, 'b')",
        "update # set b = 'quiet' where id = 1");
    t.run("delete from # where id = 11", "update # set b = 'loud' where id = 2");

    assertThat(t.kinds()).containsExactly("I", "U");
    assertThat(t.rows("*")).containsExactly(List.of("1", "quiet"), List.of("2", "loud"));
  }

  @Test
  void aConditionMustNotBeNull() {
    assertThat(pairs("when=b = 'x'").refusal("insert into # values (1, null)"))
        .isEqualTo("when= should not be NULL");
  }

  @ParameterizedTest
  @CsvSource({"1, 23", "b, 25", "now(), 1184", "null::int, 23"})
  void aConditionMustBeBoolean(String condition, int type) {
    assertThat(pairs("when=" + condition).refusal("insert into # values (1, 'true')"))
        .isEqualTo("when= query result must be boolean, got=" + type);
  }

  // ---- magic columns

  @ParameterizedTest
  @ValueSource(strings = {"ev_type", "ev_data", "ev_extra1", "ev_extra2", "ev_extra3", "ev_extra4"})
  void aMagicColumnIsAField(String field) {
    Watched t = watched("id int primary key, b text, _pgq_" + field + " text");

    assertThat(t.run("insert into # values (1, 'x', 'magic')").event(field))
        .containsExactly("magic");
    assertThat(t.run("insert into # values (2, 'x', null)").event(field)).containsOnlyNulls();
  }

  @Test
  void aMagicColumnIsNoData() {
    Watched t = watched("id int primary key, b text, _pgq_ev_extra3 int", "backup");

    t.run("insert into # values (1, 'x', 17)", "update # set b = 'y'");

    assertThat(t.events("ev_data, ev_extra2").toString()).doesNotContain("_pgq_ev", "17");
    assertThat(t.events("ev_extra3")).containsExactly(List.of("17"), List.of("17"));
  }

  @Test
  void anExpressionWinsOverAMagicColumn() {
    Watched t =
        watched("id int primary key, _pgq_ev_extra3 text", "ev_extra3=_pgq_ev_extra3 || '!'");

    assertThat(t.run("insert into # values (1, 'magic')").event("ev_extra3"))
        .containsExactly("magic!");
  }

  @Test
  void anUnknownMagicColumnIsRefused() {
    assertThat(watched("id int primary key, _pgq_ev_foo text").refusal("insert into # values (1)"))
        .isEqualTo("Unknown magic column: _pgq_ev_foo");
    assertThat(
            watched("id int primary key, _pgq_ev_foo text", "ignore=_pgq_ev_foo")
                .refusal("insert into # values (1)"))
        .isEqualTo("Unknown magic column: _pgq_ev_foo");
  }

  // ---- wrongly made triggers

  @Test
  void rowChangesAreToldByRow() {
    assertThat(pairs().on("after insert", "statement").refusal("insert into # values (1, 'a')"))
        .isEqualTo("pgq Ins/Upd/Del trigger must be fired FOR EACH ROW");
  }

  @Test
  void aTriggerNamesItsQueue() {
    Watched t = table("id int primary key");
    t.run(
        "create trigger t after insert on # for each row execute procedure pgq."
            + function()
            + "()");

    assertThat(t.refusal("insert into # values (1)"))
        .isEqualTo("pgq trigger must have destination queue as argument");
  }

  @ParameterizedTest
  @CsvSource({
    "ignore=id, Column ignore does not make sense for truncate trigger",
    "pkey=id, Custom pkey_list does not make sense for truncate trigger",
    "backup, Backup does not make sense for truncate trigger",
    "when=true, Custom expressions do not make sense for truncater trigger",
    "ev_type='x', Custom expressions do not make sense for truncater trigger",
  })
  void aTruncateHasNoRow(String argument, String message) {
    Watched t = table("id int primary key").on("after truncate", "statement", argument);

    assertThat(t.refusal("truncate #")).isEqualTo(message);
  }

  @Test
  void theFirstFaultIsTold() {
    Watched keyless = table("a int, b text").run("insert into # values (1, 'x')");
    keyless.on("after update", "row", "deny", "SKIP", "ignore=b");
    Watched late = onePair("deny", "SKIP", "ignore=b");
    Watched denied = onePair("deny", "ignore=b");

    assertThat(keyless.refusal("update # set b = 'y'"))
        .isEqualTo("Update/Delete on table without pkey");
    assertThat(late.refusal("update # set id = 2"))
        .isEqualTo("SKIP does not work in AFTER trigger.");
    assertThat(denied.refusal("update # set id = 2")).contains("change not allowed (UPDATE)");
  }

  // ---- roles

  @Test
  void aLocalSessionIsNotWatchedAtAll() {
    Watched t = onePair("deny").on("before " + CHANGES, "row", "no such argument");
    try (Session local = open()) {
      local.ask("set session_replication_role = local");
      t.runIn(local, "insert into # values (2, 'x')").runIn(local, "update # set b = 'y'");
      t.runIn(local, "delete from # where id = 1");
    }

    assertThat(t.rows("*")).containsExactly(List.of("2", "y"));
    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void aLocalSessionIsNotEvenSkipped() {
    Watched t = table("id int primary key").on("before " + CHANGES, "row", "SKIP");
    t.on("before truncate", "statement", "deny");
    try (Session local = open()) {
      local.ask("set session_replication_role = local");
      t.runIn(local, "insert into # values (1), (2)").runIn(local, "delete from # where id = 2");
      assertThat(t.rows("*")).containsExactly(List.of("1"));
      t.runIn(local, "truncate #");
    }

    assertThat(t.rows("*")).isEmpty();
  }

  @Test
  void aReplicaFiresWhatIsMeantForIt() {
    Watched t =
        pairs()
            .on("after insert", "row", "ev_extra4='always'")
            .on("after insert", "row", "ev_extra4='replica'");
    t.run("alter table # enable always trigger t2", "alter table # enable replica trigger t3");
    try (Session replica = open()) {
      replica.ask("set session_replication_role = replica");
      t.runIn(replica, "insert into # values (1, 'x')");
    }
    assertThat(t.events("ev_extra4")).containsExactly(List.of("always"), List.of("replica"));
    configure(t.queue, "queue_disable_insert = true");
    try (Session replica = open()) {
      replica.ask("set session_replication_role = replica");
      t.runIn(replica, "insert into # values (2, 'x')");
    }
    assertThat(t.events("ev_extra4")).as("on a branch as well").hasSize(4);
  }

  @Test
  void aRoleOfOurOwnStandsInForWhoMayNotSetTheServers() {
    assumeTrue(installation().isOurs(), "a setting of ours");
    Watched t =
        pairs()
            .on("after insert", "row", "ev_extra4='always'")
            .run("alter table # enable always trigger t2");
    try (Session daemon = open()) {
      daemon.ask("set pgq.session_replication_role = 'replica'");
      t.runIn(daemon, "insert into # values (1, 'x')");
      daemon.ask("set pgq.session_replication_role = 'local'");
      t.runIn(daemon, "insert into # values (2, 'x')");
      daemon.ask("set pgq.session_replication_role = ''");
      t.runIn(daemon, "insert into # values (3, 'x')");
    }

    assertThat(t.events("ev_extra4"))
        .containsExactly(
            Collections.singletonList("always"),
            Collections.singletonList(null),
            Collections.singletonList("always"));
  }

  @Test
  void whoChangesRowsMustBeAllowedToWriteEvents() {
    Watched t = pairs().run("grant insert on # to " + STRANGER + ", pgq_writer");
    try (Session stranger = open().as(STRANGER);
        Session writer = open().as("pgq_writer")) {
      assertThat(t.refusalIn(stranger, "insert into # values (1, 'x')"))
          .isEqualTo("permission denied for function insert_event");
      t.runIn(writer, "insert into # values (2, 'y')");
    }

    assertThat(t.rows("id")).containsExactly(List.of("2"));
  }

  @Test
  void expressionsRunWithTheRightsOfWhoChangesRows() {
    session().ask("create table if not exists secret ()");
    Watched t =
        pairs("ev_data=(select count(*) from secret)").run("grant insert on # to pgq_writer");
    try (Session writer = open().as("pgq_writer")) {
      assertThat(t.refusalIn(writer, "insert into # values (1, 'x')"))
          .contains("permission denied");
    }

    assertThat(t.run("insert into # values (2, 'y')").kinds()).containsExactly("I");
  }
}

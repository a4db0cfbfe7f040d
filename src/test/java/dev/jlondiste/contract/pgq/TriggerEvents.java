package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a row change is an event. */
abstract class TriggerEvents extends TriggerTables {
  @Test
  void is_declared_as_a_trigger_for_writers() {
    assertThat(declarations())
        .containsExactly(function().replace("pgq.", "") + "() returns trigger");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void is_for_triggers_only() {
    assertThat(failure("select " + function() + "()").message())
        .containsAnyOf("can only be called as triggers", "not called as trigger");
  }

  @Test
  void every_changed_row_is_an_event() {
    Watched t =
        pairs()
            .run("insert into # values (1, 'a'), (2, 'b')", "update # set b = 'c'")
            .run("delete from # where id = 2", "delete from # where id = 3");

    assertThat(t.kinds()).containsExactly("I", "I", "U", "U", "D");
    assertThat(t.events("distinct ev_extra1, ev_extra2, ev_extra3, ev_extra4, 1 as ev_id"))
        .containsExactly(Arrays.asList(t.table, null, null, null, "1"));
  }

  @Test
  void events_are_of_the_writers_transaction() {
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
  void events_go_through_the_function_that_may_be_replaced() {
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
  void a_before_trigger_lets_the_row_pass() {
    Watched t = table("id int primary key, b text").on("before " + CHANGES, "row");

    t.run(
        "insert into # values (1, 'a'), (2, 'b')",
        "update # set b = 'c'",
        "delete from # where id = 2");

    assertThat(t.rows("*")).containsExactly(List.of("1", "c"));
    assertThat(t.kinds()).containsExactly("I", "I", "U", "U", "D");
  }

  @Test
  void the_table_is_named_plainly() {
    ask("create schema if not exists \"Odd schema\"");
    Watched t = new Watched("\"Odd schema\".\"T a.b\"");
    t.run("create table # (id int primary key)").on("after insert", "row");

    t.run("insert into # values (1)");

    assertThat(t.event("ev_extra1")).containsExactly("Odd schema.T a.b");
    t.run("drop table #");
  }

  @Test
  void a_truncate_is_one_event() {
    Watched t = pairs().on("after truncate", "statement").run("insert into # values (1, 'a')");
    t.run("truncate #");

    assertThat(t.kinds()).containsExactly("I", "R");
    assertThat(t.rows("*")).isEmpty();
    assertThat(t.events("ev_extra1, ev_extra2, ev_extra3, ev_extra4").get(1))
        .containsExactly(t.table, null, null, null);
  }

  @Test
  void a_truncate_may_be_told_before() {
    Watched t =
        table("id int").on("before truncate", "statement", "SKIP").run("insert into # values (1)");
    t.run("truncate #");

    assertThat(t.kinds()).containsExactly("R");
    assertThat(t.rows("*")).as("a statement is not skipped").isEmpty();
  }

  @Test
  void a_table_without_a_key_can_grow() {
    Watched t = watched("a int, b text").run("insert into # values (1, 'x')");

    assertThat(t.kinds()).containsExactly("I");
  }

  @Test
  void a_table_without_columns_can_grow() {
    assertThat(watched("").run("insert into # default values").kinds()).containsExactly("I");
  }

  @ParameterizedTest
  @CsvSource({"update # set b = 'z', UPDATE", "delete from #, DELETE"})
  void a_table_without_a_key_cannot_change(String sql, String operation) {
    Watched t = table("a int, b text").run("insert into # values (1, 'x')");
    t.on("after " + CHANGES, "row");

    Failure failure = t.failure(sql);
    assertThat(failure.message()).isEqualTo("Update/Delete on table without pkey");
    // the original gives no hints
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs()
                ? "add a primary key, or name the key columns in the trigger: pkey=col1,col2"
                : null);
    assertThat(t.rows("*")).as(operation).containsExactly(List.of("1", "x"));
  }

  @Test
  void a_key_cannot_change() {
    Watched t = onePair();

    assertThat(t.refusal("update # set id = 2")).isEqualTo("primary key update not allowed");
    assertThat(t.rows("*")).containsExactly(List.of("1", "old"));
    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void what_a_key_index_merely_includes_can_change() {
    assumeServerSince(11, "primary keys include no columns yet");
    Watched t =
        watched("a int, b int, primary key (a) include (b)").run("insert into # values (1, 2)");

    // the original takes all columns of the index for the key
    if (installation().isOurs()) {
      assertThat(t.run("update # set b = 3").kinds()).containsExactly("I", "U");
    } else {
      assertThat(t.refusal("update # set b = 3")).isEqualTo("primary key update not allowed");
    }
  }

  @Test
  void an_update_of_nothing_is_an_event() {
    assertThat(onePair().run("update # set b = b, id = id").kinds()).containsExactly("U");
  }

  @Test
  void dropped_columns_are_forgotten() {
    Watched t =
        watched("gone int, id int primary key, b text").run("alter table # drop column gone");

    t.run("insert into # values (1, 'a')", "update # set b = 'c'", "delete from #");

    assertThat(t.kinds()).containsExactly("I", "U", "D");
    assertThat(t.events("ev_data").toString()).doesNotContain("gone", "dropped");
  }

  @Test
  void events_of_a_partitioned_table_name_the_partition() {
    assumeServerSince(13, "no row triggers on partitioned tables yet");
    Watched t = new Watched("public.whole");
    t.run(
        "create table # (id int primary key, b text) partition by range (id)",
        "create table " + t.table + "_part partition of # for values from (0) to (100)");
    t.on("after insert", "row").run("insert into # values (1, 'x')");

    assertThat(t.event("ev_extra1")).containsExactly(t.table + "_part");
  }
}

package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the arguments of a trigger do, and which triggers are wrongly made. */
abstract class TriggerArguments extends TriggerEvents {
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
  void unknown_arguments_are_refused(String argument) {
    Watched t = pairs(argument);

    Failure failure = t.failure("insert into # values (1, 'a')");
    assertThat(failure.message()).isEqualTo("bad param to pgq trigger");
    // the original does not say which
    assertThat(failure.detail())
        .isEqualTo(installation().isOurs() ? "Argument: " + argument : null);
  }

  @Test
  void skip_keeps_the_row_from_changing() {
    Watched t = table("id int primary key, b text").run("insert into # values (1, 'old')");
    t.on("before " + CHANGES, "row", "SKIP");

    t.run("insert into # values (2, 'new')", "update # set b = 'new'", "delete from #");

    assertThat(t.rows("*")).containsExactly(List.of("1", "old"));
    assertThat(t.kinds()).containsExactly("I", "U", "D");
  }

  @Test
  void skip_does_not_keep_an_event_without_one() {
    Watched t = table("id int primary key").on("before insert", "row", "SKIP", "when=false");

    t.run("insert into # values (1)");

    assertThat(t.rows("*")).isEmpty();
    assertThat(t.kinds()).isEmpty();
  }

  @Test
  void skip_in_lower_case_is_ours() {
    Watched t = table("id int primary key").on("before insert", "row", "skip");

    // an extension that costs nothing; the original's other variant takes it too
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
  void skip_is_too_late_afterwards(String sql) {
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
  void deny_refuses_every_change(String sql, String operation) {
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
  void ignored_columns_are_left_out(String ignore) {
    Watched t = watched("id int primary key, b text, c text, d text", ignore, "backup");

    t.run("insert into # values (1, 'bee', 'cee', 'dee')", "update # set b = 'bumble', d = 'dip'");

    assertThat(t.kinds()).containsExactly("I", "U");
    assertThat(t.events("ev_data, ev_extra2").toString())
        .contains("dee", "dip")
        .doesNotContain("bee", "cee", "bumble");
  }

  @Test
  void an_update_of_ignored_columns_only_is_no_event() {
    Watched t = onePair("ignore=b").run("update # set b = 'new'");

    assertThat(t.kinds()).isEmpty();
    assertThat(t.rows("*")).containsExactly(List.of("1", "new"));
  }

  @Test
  void an_update_of_nothing_is_an_event_even_so() {
    assertThat(onePair("ignore=b").run("update # set b = b").kinds()).containsExactly("U");
  }

  @Test
  void an_ignored_key_still_cannot_change() {
    assertThat(onePair("ignore=id,b").refusal("update # set id = 2, b = 'x'"))
        .isEqualTo("primary key update not allowed");
  }

  @Test
  void of_two_lists_the_last_counts() {
    Watched t =
        watched("id int primary key, b text, c text", "ignore=b", "ignore=c", "pkey=b", "pkey=id");

    t.run("insert into # values (1, 'bee', 'cee')", "update # set b = 'bumble'");

    assertThat(t.kinds()).containsExactly("I", "U");
    assertThat(t.events("ev_data").toString()).contains("bee").doesNotContain("cee");
  }

  @Test
  void key_columns_may_be_named() {
    Watched t = watched("a int, b int, c int", "pkey=b,c").run("insert into # values (1, 2, 3)");

    t.run("update # set a = 9");

    assertThat(t.refusal("update # set c = 9")).isEqualTo("primary key update not allowed");
    assertThat(t.run("delete from #").kinds()).containsExactly("I", "U", "D");
  }

  @Test
  void key_columns_that_are_named_replace_the_primary_key() {
    Watched t = onePair("pkey=b").run("update # set id = 2");

    assertThat(t.kinds()).containsExactly("U");
    assertThat(t.refusal("update # set b = 'x'")).isEqualTo("primary key update not allowed");
  }

  @Test
  void no_key_columns_is_no_key() {
    assertThat(onePair("pkey=").refusal("update # set b = 'x'"))
        .isEqualTo("Update/Delete on table without pkey");
  }

  @Test
  void only_an_update_has_a_backup() {
    Watched t = pairs("backup").run("insert into # values (1, 'old')");

    t.run("update # set b = 'new'", "delete from #");

    assertThat(t.events("ev_extra2 is null"))
        .containsExactly(List.of("t"), List.of("f"), List.of("t"));
  }

  @Test
  void row_changes_are_told_by_row() {
    assertThat(pairs().on("after insert", "statement").refusal("insert into # values (1, 'a')"))
        .isEqualTo("pgq Ins/Upd/Del trigger must be fired FOR EACH ROW");
  }

  @Test
  void a_trigger_names_its_queue() {
    Watched t = table("id int primary key");
    t.run("create trigger t after insert on # for each row execute procedure " + function() + "()");

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
  void a_truncate_has_no_row(String argument, String message) {
    Watched t = table("id int primary key").on("after truncate", "statement", argument);

    assertThat(t.refusal("truncate #")).isEqualTo(message);
  }

  @Test
  void the_first_fault_is_told() {
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
}

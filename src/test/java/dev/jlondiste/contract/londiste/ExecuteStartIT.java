package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@Contract("londiste.execute_start")
class ExecuteStartIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "execute_start(i_queue_name text, i_file_name text, i_sql text, i_expect_root boolean, OUT ret_code integer, OUT ret_note text) returns record",
            "execute_start(i_queue_name text, i_file_name text, i_sql text, i_expect_root boolean, i_attrs text, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void a_new_script_may_run_and_is_remembered() {
    root("fresh");

    assertThat(reply("execute_start('fresh', 'a.sql', 'select 1', true, 'need-table=t')"))
        .isEqualTo("200 Executing: a.sql");

    assertThat(remembered("a.sql")).isEqualTo("fresh | select 1 | need-table=t");
    assertThat(events("fresh")).isEmpty();
  }

  @Test
  void conditions_may_be_left_out() {
    leaf("plain");

    assertThat(reply("execute_start('plain', 'plain.sql', 'select 1', false)"))
        .isEqualTo("200 Executing: plain.sql");
    assertThat(remembered("plain.sql")).isEqualTo("plain | select 1 | null");
  }

  /** 201: the caller skips it, whatever queue it comes through. */
  @Test
  void a_name_runs_only_once() {
    root("once");
    leaf("other");
    reply("execute_start('once', 'once.sql', 'select 1', true)");

    assertThat(reply("execute_start('once', 'once.sql', 'select 2', true)"))
        .isEqualTo("201 EXECUTE: \"once.sql\" already applied, skipping");
    assertThat(reply("execute_start('other', 'once.sql', 'select 2', false)"))
        .isEqualTo("201 EXECUTE: \"once.sql\" already applied, skipping");
    assertThat(remembered("once.sql")).isEqualTo("once | select 1 | null");
  }

  @Test
  void only_a_root_is_a_root() {
    leaf("no_root");
    branch("no_root2");

    assertThat(reply("execute_start('no_root', 'r.sql', 'select 1', true)"))
        .isEqualTo("401 Node is not root node: no_root");
    assertThat(reply("execute_start('no_root2', 'r.sql', 'select 1', true, null)"))
        .isEqualTo("401 Node is not root node: no_root2");
    assertThat(lines("select 1 from londiste.applied_execute where execute_file = 'r.sql'"))
        .isEmpty();
  }

  @Test
  void a_root_may_run_what_comes_from_elsewhere() {
    root("replaying");

    assertThat(reply("execute_start('replaying', 'e.sql', 'select 1', false)"))
        .isEqualTo("200 Executing: e.sql");
  }

  @Test
  void no_expectation_is_none() {
    leaf("open");

    assertThat(reply("execute_start('open', 'open.sql', 'select 1', null)"))
        .isEqualTo("200 Executing: open.sql");
  }

  @Test
  void a_queue_without_node_is_an_error() {
    assertMessage(
        failure("select * from londiste.execute_start('nowhere', 'n.sql', 'select 1', true)"),
        "queue does not exist: nowhere");
    assertMessage(
        failure("select * from londiste.execute_start(null, 'n.sql', 'select 1', true)"),
        "queue does not exist: <NULL>");
  }

  @Test
  void name_and_script_are_needed() {
    root("needs");

    assertThat(failure("select * from londiste.execute_start('needs', null, 'x', true)").state())
        .isEqualTo("23502");
    assertThat(failure("select * from londiste.execute_start('needs', 'n', null, true)").state())
        .isEqualTo("23502");
  }

  @Test
  void a_second_session_waits_and_skips_what_the_first_has_run() {
    assertThat(inTwoSessions("waits", "waits.sql", Session::commit))
        .isEqualTo("201 | EXECUTE: \"waits.sql\" already applied, skipping");
  }

  @Test
  void a_second_session_waits_and_runs_what_the_first_has_given_up() {
    assertThat(inTwoSessions("tries", "given_up.sql", Session::rollback))
        .isEqualTo("200 | Executing: given_up.sql");
  }

  private String inTwoSessions(String queue, String file, Consumer<Session> end) {
    root(queue);
    String call =
        "select * from londiste.execute_start('%s', '%s', 'select 1', true)".formatted(queue, file);
    return lineAfter(end, call);
  }

  private String remembered(String file) {
    return line(
        "select queue_name, execute_sql, execute_attrs from londiste.applied_execute"
            + " where execute_file = ?",
        file);
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.execute_finish")
class ExecuteFinishIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "execute_finish(i_queue_name text, i_file_name text, OUT ret_code integer, OUT ret_note text) returns record strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void the_root_sends_the_script_to_the_others() {
    root("sends");
    reply("execute_start('sends', 'a.sql', 'select 1', true, 'need-table=t')");

    assertThat(reply("execute_finish('sends', 'a.sql')")).isEqualTo("200 Execute finished: a.sql");

    String prefix = line("select queue_data_pfx from pgq.queue where queue_name = 'sends'");
    assertThat(
            lines(
                "select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from "
                    + prefix))
        .containsExactly("EXECUTE | select 1 | a.sql | need-table=t | null | null");
  }

  @Test
  void other_nodes_send_nothing() {
    branch("repeats");
    reply("execute_start('repeats', 'b.sql', 'select 1', false)");

    assertThat(reply("execute_finish('repeats', 'b.sql')"))
        .isEqualTo("200 Execute finished: b.sql");
    assertThat(events("repeats")).isEmpty();
  }

  @Test
  void the_start_may_have_come_through_another_queue() {
    root("first");
    leaf("second");
    reply("execute_start('first', 'c.sql', 'select 1', true)");

    assertThat(reply("execute_finish('second', 'c.sql')")).isEqualTo("200 Execute finished: c.sql");
  }

  @Test
  void what_was_not_started_is_refused() {
    root("unstarted");

    assertThat(reply("execute_finish('unstarted', 'never.sql')"))
        .isEqualTo("404 execute_file called without execute_start");
    assertThat(events("unstarted")).isEmpty();
  }

  @Test
  void a_queue_without_node_is_an_error() {
    assertMessage(
        failure("select * from londiste.execute_finish('nowhere', 'never.sql')"),
        "queue does not exist: nowhere");
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.execute_finish(null, 'a.sql')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.execute_finish('sends', null)"))
        .isEqualTo("null | null");
  }
}

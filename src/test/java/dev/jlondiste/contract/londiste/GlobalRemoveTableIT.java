package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.global_remove_table")
class GlobalRemoveTableIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "global_remove_table(i_queue_name text, i_table_name text, OUT ret_code integer, OUT ret_note text) returns record strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void the_table_is_forgotten() {
    branch("forgets");
    known("forgets", "public.orders");

    assertThat(reply("global_remove_table('forgets', 'orders')"))
        .isEqualTo("200 Table removed: orders");
    assertThat(rowsOf("forgets", "public.orders")).isZero();
  }

  @Test
  void a_local_table_loses_its_triggers() {
    leaf("detaches");
    tables("detached");
    inSync("detaches", "detached");
    assertThat(triggers("detached")).hasSize(2);

    assertThat(reply("global_remove_table('detaches', 'public.detached')"))
        .isEqualTo("200 Table removed: public.detached");

    assertThat(triggers("detached")).isEmpty();
    assertThat(rowsOf("detaches", "public.detached")).isZero();
  }

  /** The event comes from local_remove_table, which calls us. */
  @Test
  void the_root_tells_nobody() {
    root("silent");
    known("silent", "quiet");

    assertThat(reply("global_remove_table('silent', 'quiet')"))
        .isEqualTo("200 Table removed: quiet");
    assertThat(events("silent")).isEmpty();
    assertThat(rowsOf("silent", "public.quiet")).isZero();
  }

  @Test
  void what_is_not_known_is_refused() {
    branch("stranger");

    assertThat(reply("global_remove_table('stranger', 'nothing')"))
        .isEqualTo("400 Table not found: public.nothing");
  }

  @Test
  void other_queues_keep_the_table() {
    branch("one");
    branch("two");
    known("one", "shared");
    known("two", "shared");

    reply("global_remove_table('one', 'shared')");

    assertThat(rowsOf("two", "public.shared")).isOne();
  }

  @Test
  void a_queue_without_node_is_an_error() {
    assertMessage(
        failure("select * from londiste.global_remove_table('nowhere', 'any')"),
        "queue does not exist: nowhere");
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.global_remove_table(null, 'any')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.global_remove_table('stranger', null)"))
        .isEqualTo("null | null");
  }
}

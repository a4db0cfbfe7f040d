package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.global_update_seq")
class GlobalUpdateSeqIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "global_update_seq(i_queue_name text, i_seq_name text, i_value bigint, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void an_unknown_sequence_becomes_known_but_not_local() {
    leaf("learns");

    assertThat(reply("global_update_seq('learns', 'news', 500)")).isEqualTo("200 Sequence updated");
    assertThat(sequences("learns")).containsExactly("public.news | f | 500");
  }

  @Test
  void a_local_sequence_is_raised() {
    leaf("raises");
    run("create sequence low");
    reply("global_update_seq('raises', 'low', 1)");
    reply("local_add_seq('raises', 'low')");

    assertThat(reply("global_update_seq('raises', 'public.low', 600)"))
        .isEqualTo("200 Sequence updated");

    assertThat(line("select last_value, is_called from low")).isEqualTo("600 | t");
    assertThat(sequences("raises")).containsExactly("public.low | t | 600");
  }

  @Test
  void a_local_sequence_is_never_lowered() {
    leaf("keeps");
    run("create sequence high; select setval('high', 900)");
    reply("global_update_seq('keeps', 'high', 1)");
    reply("local_add_seq('keeps', 'high')");

    reply("global_update_seq('keeps', 'high', 800)");

    assertThat(line("select last_value from high")).isEqualTo("900");
    assertThat(sequences("keeps")).containsExactly("public.high | t | 800");
  }

  @Test
  void a_sequence_that_is_not_local_is_left_alone() {
    leaf("remote");
    run("create sequence alone");
    reply("global_update_seq('remote', 'alone', 5)");
    reply("global_update_seq('remote', 'alone', 6)");

    assertThat(line("select last_value, is_called from alone")).isEqualTo("1 | f");
    assertThat(sequences("remote")).containsExactly("public.alone | f | 6");
  }

  @Test
  void the_root_publishes_and_is_not_told() {
    root("publisher");

    assertThat(reply("global_update_seq('publisher', 'any', 5)"))
        .isEqualTo("402 Must not run on root node");
    assertThat(sequences("publisher")).isEmpty();
  }

  @Test
  void a_queue_without_node_is_refused() {
    assertThat(reply("global_update_seq('nowhere', 'any', 5)"))
        .isEqualTo("404 Set not found: nowhere");
    assertThat(line("select ret_code from londiste.global_update_seq(null, 'any', 5)"))
        .isEqualTo("404");
  }

  @Test
  void name_and_value_are_needed() {
    leaf("needs");

    assertThat(failure("select * from londiste.global_update_seq('needs', null, 5)").state())
        .isEqualTo("23502");
    assertThat(failure("select * from londiste.global_update_seq('needs', 'any', null)").state())
        .isEqualTo("23502");
  }

  /** Londiste publishes values beyond the last one; its own subscribers stop there. */
  @Test
  void a_value_out_of_bounds_moves_the_sequence_to_its_bound() {
    assumeOurs("Londiste takes every value for a higher one within bounds");
    leaf("bounds");
    run("create sequence narrow maxvalue 3000; select setval('narrow', 2000)");
    reply("global_update_seq('bounds', 'narrow', 29998)");
    assertThat(reply("local_add_seq('bounds', 'narrow')")).startsWith("200 ");
    assertThat(line("select last_value from narrow")).isEqualTo("3000");

    assertThat(reply("global_update_seq('bounds', 'narrow', 60000)"))
        .isEqualTo("200 Sequence updated");
    assertThat(line("select last_value from narrow")).isEqualTo("3000");
  }

  @Test
  void a_descending_sequence_is_lowered_and_never_raised() {
    assumeOurs("Londiste takes every value for a higher one within bounds");
    leaf("falls");
    run("create sequence down increment -1 minvalue 1 maxvalue 1000 start 1000");
    reply("global_update_seq('falls', 'down', 900)");
    reply("local_add_seq('falls', 'down')");
    assertThat(line("select last_value from down")).isEqualTo("900");

    reply("global_update_seq('falls', 'down', 950)");
    assertThat(line("select last_value from down")).isEqualTo("900");
    reply("global_update_seq('falls', 'down', -5)");
    assertThat(line("select last_value from down")).isEqualTo("1");
  }

  @Test
  void a_sequence_that_cycles_begins_again_with_the_roots() {
    assumeOurs("Londiste takes every value for a higher one within bounds");
    leaf("cycles");
    run("create sequence turns maxvalue 1000 cycle; select setval('turns', 990)");
    reply("global_update_seq('cycles', 'turns', 990)");
    reply("local_add_seq('cycles', 'turns')");

    reply("global_update_seq('cycles', 'turns', 149)");
    assertThat(line("select last_value from turns")).isEqualTo("149");
  }

  /** An operator drops a table, and with it its sequence: the worker must not stop. */
  @Test
  void a_local_sequence_that_was_dropped_is_told() {
    assumeOurs("Londiste stops there");
    leaf("drops");
    run("create sequence dropped");
    reply("global_update_seq('drops', 'dropped', 1)");
    reply("local_add_seq('drops', 'dropped')");
    run("drop sequence dropped");

    assertThat(reply("global_update_seq('drops', 'dropped', 7)"))
        .isEqualTo("200 Sequence updated, but not found: public.dropped");
    assertThat(sequences("drops")).containsExactly("public.dropped | t | 7");
  }

  /** The root may have returned the value that it published: near its end it is not ahead. */
  @Test
  void the_published_value_itself_is_not_returned() {
    assumeOurs("Londiste compares the values alone");
    leaf("next");
    run("create sequence first maxvalue 3");
    reply("global_update_seq('next', 'first', 1)");
    reply("local_add_seq('next', 'first')");

    assertThat(line("select nextval('first')")).isEqualTo("2");
  }
}

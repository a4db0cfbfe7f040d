package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("londiste.global_add_table")
class GlobalAddTableIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "global_add_table(i_queue_name text, i_table_name text, OUT ret_code integer, OUT ret_note text) returns record strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void a_table_becomes_known_but_not_local() {
    branch("added");

    assertThat(reply("global_add_table('added', 'orders')")).isEqualTo("200 Table added: orders");

    assertThat(table("added", "public.orders")).isEqualTo("f | null | null | null | null | null");
  }

  @Test
  void the_name_in_the_note_is_the_one_that_was_given() {
    branch("named");

    assertThat(reply("global_add_table('named', 'Odd \"s.We.ird')"))
        .isEqualTo("200 Table added: Odd \"s.We.ird");
    assertThat(rowsOf("named", "Odd \"s.We.ird")).isOne();
  }

  @Test
  void a_known_table_is_no_error() {
    branch("again");
    known("again", "public.orders");

    assertThat(reply("global_add_table('again', 'orders')"))
        .isEqualTo("200 Table already added: public.orders");
    assertThat(rowsOf("again", "public.orders")).isOne();
  }

  @Test
  void a_queue_without_node_is_refused() {
    assertThat(reply("global_add_table('nowhere', 'orders')"))
        .isEqualTo("400 No such queue: nowhere");
    assertThat(rowsOf("nowhere", "public.orders")).isZero();
  }

  @Test
  void tells_nobody() {
    root("silent");
    known("silent", "orders");

    assertThat(events("silent")).isEmpty();
  }

  @Test
  void tables_of_a_part_become_known_to_the_combined_queue() {
    root("whole");
    mergeLeaf("part", "whole");
    known("part", "orders");

    assertThat(rowsOf("whole", "public.orders")).isOne();
  }

  @Test
  void a_table_of_the_combined_queue_may_be_known_already() {
    root("whole2");
    mergeLeaf("part2a", "whole2");
    mergeLeaf("part2b", "whole2");
    known("part2a", "orders");

    assertThat(reply("global_add_table('part2b', 'orders')")).isEqualTo("200 Table added: orders");
    assertThat(rowsOf("whole2", "public.orders")).isOne();
  }

  @Test
  void null_gives_null() {
    assertThat(line("select * from londiste.global_add_table(null, 'orders')"))
        .isEqualTo("null | null");
    assertThat(line("select * from londiste.global_add_table('added', null)"))
        .isEqualTo("null | null");
  }

  @Test
  void two_at_once_add_one_row() {
    branch("twice");
    String call = "select * from londiste.global_add_table('twice', 'orders')";

    String second = lineAfter(Session::commit, call);

    assertThat(second).isEqualTo("200 | Table already added: public.orders");
    assertThat(rowsOf("twice", "public.orders")).isOne();
  }
}

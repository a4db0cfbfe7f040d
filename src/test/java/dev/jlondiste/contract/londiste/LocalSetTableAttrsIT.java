package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_set_table_attrs")
class LocalSetTableAttrsIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_set_table_attrs(i_queue_name text, i_table_name text, i_table_attrs text, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void attributes_of_a_local_table_are_stored() {
    root("stores");
    tables("stored");
    reply("local_add_table('stores', 'stored')");

    assertThat(reply("local_set_table_attrs('stores', 'public.stored', 'handler=x&a=1')"))
        .isEqualTo("200 public.stored: Table attributes stored");
    assertThat(table("stores", "public.stored"))
        .isEqualTo("t | ok | null | handler=x&a=1 | null | null");

    assertThat(reply("local_set_table_attrs('stores', 'public.stored', null)"))
        .isEqualTo("200 public.stored: Table attributes stored");
    assertThat(table("stores", "public.stored")).isEqualTo("t | ok | null | null | null | null");
  }

  @Test
  void the_name_is_compared_as_it_is() {
    root("literal");
    tables("literal");
    reply("local_add_table('literal', 'literal')");

    assertThat(reply("local_set_table_attrs('literal', 'literal', 'a=1')"))
        .isEqualTo("404 no such local table: literal");
  }

  @Test
  void a_table_that_is_not_local_is_refused() {
    leaf("remote");
    known("remote", "far");

    assertThat(reply("local_set_table_attrs('remote', 'public.far', 'a=1')"))
        .isEqualTo("404 no such local table: public.far");
    assertThat(reply("local_set_table_attrs('nowhere', 'public.far', 'a=1')"))
        .isEqualTo("404 no such local table: public.far");
    assertThat(table("remote", "public.far")).isEqualTo("f | null | null | null | null | null");
  }

  @Test
  void null_is_no_table() {
    assertThat(line("select * from londiste.local_set_table_attrs('remote', null, 'a=1')"))
        .isEqualTo("404 | null");
    assertThat(line("select ret_code from londiste.local_set_table_attrs(null, 'x', 'a=1')"))
        .isEqualTo("404");
  }
}

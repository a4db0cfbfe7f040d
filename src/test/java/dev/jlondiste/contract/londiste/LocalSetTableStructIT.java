package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.local_set_table_struct")
class LocalSetTableStructIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "local_set_table_struct(i_queue_name text, i_table_name text, i_dropped_ddl text, OUT ret_code integer, OUT ret_note text) returns record");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void structure_is_kept_during_a_copy_and_given_back() {
    leaf("copies");
    missing("copies", "copied");
    reply("local_set_table_state('copies', 'copied', null, 'in-copy')");

    assertThat(reply("local_set_table_struct('copies', 'public.copied', 'create index')"))
        .isEqualTo("200 Table struct stored");
    assertThat(table("copies", "public.copied"))
        .isEqualTo("t | in-copy | null | null | create index | null");

    assertThat(reply("local_set_table_struct('copies', 'public.copied', null)"))
        .isEqualTo("200 Table struct stored");
    assertThat(table("copies", "public.copied"))
        .isEqualTo("t | in-copy | null | null | null | null");
  }

  /** Otherwise it would never be restored. */
  @Test
  void only_a_copy_may_keep_structure() {
    leaf("synced");
    tables("synced");
    inSync("synced", "synced");

    assertThat(
            failure("select londiste.local_set_table_struct('synced', 'public.synced', 'x')")
                .state())
        .isEqualTo("23514");
  }

  @Test
  void the_name_is_compared_as_it_is() {
    leaf("literal");
    missing("literal", "literal");

    assertThat(reply("local_set_table_struct('literal', 'literal', null)"))
        .isEqualTo("404 no such local table: literal");
  }

  @Test
  void a_table_that_is_not_local_is_refused() {
    leaf("remote");
    known("remote", "far");

    assertThat(reply("local_set_table_struct('remote', 'public.far', null)"))
        .isEqualTo("404 no such local table: public.far");
    assertThat(line("select * from londiste.local_set_table_struct('remote', null, 'x')"))
        .isEqualTo("404 | null");
  }
}

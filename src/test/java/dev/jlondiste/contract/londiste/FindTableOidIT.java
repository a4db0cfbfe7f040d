package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_table_oid")
class FindTableOidIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("find_table_oid(tbl text) returns oid stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void an_ordinary_table_is_found() {
    tables("found");

    assertThat(found("found")).isEqualTo("found");
    assertThat(found("public.found")).isEqualTo("found");
  }

  @Test
  void names_are_taken_literally() {
    run("create schema \"S t\"; create table \"S t\".\"Ta.ble\" (id int)");

    assertThat(found("S t.Ta.ble")).isEqualTo("\"S t\".\"Ta.ble\"");
    assertThat(found("s t.ta.ble")).isEqualTo("null");
  }

  @Test
  void other_relations_are_no_tables() {
    run("create view a_view as select 1 as one; create sequence a_sequence");

    assertThat(found("a_view")).isEqualTo("null");
    assertThat(found("a_sequence")).isEqualTo("null");
  }

  @Test
  void a_partitioned_table_is_none() {
    assumePartitions();
    run("create table parted(id int) partition by range (id)");

    assertThat(found("parted")).isEqualTo("null");
  }

  @Test
  void what_is_not_there_is_null() {
    assertThat(found("nothing")).isEqualTo("null");
    assertThat(found(null)).isEqualTo("null");
  }

  private String found(@Nullable String name) {
    return line("select londiste.find_table_oid(?)::regclass", name);
  }
}

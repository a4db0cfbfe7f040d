package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_seq_oid")
class FindSeqOidIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("find_seq_oid(seq text) returns oid stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void a_sequence_is_found() {
    run("create sequence found; create schema \"S q\"; create sequence \"S q\".\"Se.q\"");

    assertThat(found("found")).isEqualTo("found");
    assertThat(found("public.found")).isEqualTo("found");
    assertThat(found("S q.Se.q")).isEqualTo("\"S q\".\"Se.q\"");
  }

  @Test
  void the_sequence_of_a_serial_column_is_one() {
    run("create table orders(id serial primary key)");

    assertThat(found("orders_id_seq")).isEqualTo("orders_id_seq");
  }

  @Test
  void a_table_is_none() {
    tables("no_sequence");

    assertThat(found("no_sequence")).isEqualTo("null");
  }

  @Test
  void what_is_not_there_is_null() {
    assertThat(found("nothing")).isEqualTo("null");
    assertThat(found(null)).isEqualTo("null");
  }

  private String found(@Nullable String name) {
    return line("select londiste.find_seq_oid(?)::regclass", name);
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_rel_oid")
class FindRelOidIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("find_rel_oid(i_fqname text, i_kind text) returns oid stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void each_kind_has_its_letter() {
    run(
        """
            create table kind(id int primary key);
            create index kind_index on kind(id);
            create view kind_view as select 1 as one;
            create materialized view kind_matview as select 1 as one;
            create sequence kind_sequence;
            create type kind_type as (a int);
            """);

    assertThat(found("public.kind", "r")).isEqualTo("kind");
    assertThat(found("public.kind_index", "i")).isEqualTo("kind_index");
    assertThat(found("public.kind_view", "v")).isEqualTo("kind_view");
    assertThat(found("public.kind_matview", "m")).isEqualTo("kind_matview");
    assertThat(found("public.kind_sequence", "S")).isEqualTo("kind_sequence");
    assertThat(found("public.kind_type", "c")).isEqualTo("kind_type");
  }

  @Test
  void another_kind_is_not_found() {
    run("create sequence other_kind");

    assertThat(found("public.other_kind", "r")).isEqualTo("null");
    assertThat(found("public.other_kind", "s")).isEqualTo("null");
    assertThat(found("public.other_kind", "SS")).isEqualTo("null");
    assertThat(found("public.other_kind", "")).isEqualTo("null");
  }

  @Test
  void a_name_without_schema_is_in_public_whatever_the_search_path() {
    run("create schema hidden; create table hidden.orders(id int)");

    assertThat(found("orders", "r")).isEqualTo("null");
    assertThat(found("hidden.orders", "r")).isEqualTo("hidden.orders");
  }

  @Test
  void names_are_taken_literally() {
    run(
        """
            create schema "Odd ""s";
            create table "Odd ""s"."We.ird" (id int);
            """);

    assertThat(found("Odd \"s.We.ird", "r")).isEqualTo("\"Odd \"\"s\".\"We.ird\"");
    assertThat(found("odd \"s.we.ird", "r")).isEqualTo("null");
    assertThat(found("\"Odd \"\"s\".\"We.ird\"", "r")).isEqualTo("null");
  }

  @Test
  void what_is_not_there_is_null() {
    assertThat(found("public.nothing", "r")).isEqualTo("null");
    assertThat(found("nowhere.nothing", "r")).isEqualTo("null");
  }

  @Test
  void null_gives_null() {
    assertThat(found(null, "r")).isEqualTo("null");
    assertThat(found("public.kind", null)).isEqualTo("null");
  }

  private String found(@Nullable String name, @Nullable String kind) {
    return line("select londiste.find_rel_oid(?, ?)::regclass", name, kind);
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_rel_oid")
class FindRelOidIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly("find_rel_oid(i_fqname text, i_kind text) returns oid stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void eachKindHasItsLetter() {
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
  void anotherKindIsNotFound() {
    run("create sequence other_kind");

    assertThat(found("public.other_kind", "r")).isEqualTo("null");
    assertThat(found("public.other_kind", "s")).isEqualTo("null");
    assertThat(found("public.other_kind", "SS")).isEqualTo("null");
    assertThat(found("public.other_kind", "")).isEqualTo("null");
  }

  @Test
  void aNameWithoutSchemaIsInPublicWhateverTheSearchPath() {
    run("create schema hidden; create table hidden.orders(id int)");

    assertThat(found("orders", "r")).isEqualTo("null");
    assertThat(found("hidden.orders", "r")).isEqualTo("hidden.orders");
  }

  @Test
  void namesAreTakenLiterally() {
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
  void whatIsNotThereIsNull() {
    assertThat(found("public.nothing", "r")).isEqualTo("null");
    assertThat(found("nowhere.nothing", "r")).isEqualTo("null");
  }

  @Test
  void nullGivesNull() {
    assertThat(found(null, "r")).isEqualTo("null");
    assertThat(found("public.kind", null)).isEqualTo("null");
  }

  private String found(@Nullable String name, @Nullable String kind) {
    return line("select londiste.find_rel_oid(?, ?)::regclass", name, kind);
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_column_types")
class FindColumnTypesIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("find_column_types(tbl text) returns text stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void one_letter_per_column_k_for_the_key() {
    run("create table typed(id int primary key, a text, b text)");

    assertThat(types("typed")).isEqualTo("kvv");
    assertThat(types("public.typed")).isEqualTo("kvv");
  }

  @Test
  void a_table_without_primary_key_has_no_k() {
    run("create table keyless(a int not null unique, b int)");

    assertThat(types("keyless")).isEqualTo("vv");
  }

  @Test
  void columns_of_the_key_may_be_anywhere() {
    run("create table behind(a int, b int, c int, primary key (c, a))");

    // the original counts the columns of the index
    assertThat(types("behind")).isEqualTo(installation().isOurs() ? "kvk" : "kkv");
  }

  @Test
  void dropped_columns_do_not_count() {
    run(
        "create table shrunk(a int, b int, c int, primary key (c));"
            + " alter table shrunk drop column a");

    // the original takes the third of the remaining columns
    assertThat(types("shrunk")).isEqualTo(installation().isOurs() ? "vk" : "vv");
  }

  @Test
  void columns_that_the_key_only_includes_are_no_key() {
    assumeServerSince(11, "primary keys include no columns yet");
    run("create table covered(a int, b int, primary key (b) include (a))");

    // the original takes them for one
    assertThat(types("covered")).isEqualTo(installation().isOurs() ? "vk" : "kk");
  }

  @Test
  void what_is_no_table_has_none() {
    run("create view looks as select 1 as one; create table columnless()");

    assertThat(types("looks")).isEmpty();
    assertThat(types("columnless")).isEmpty();
    assertThat(types("nothing")).isEmpty();
  }

  @Test
  void null_gives_null() {
    assertThat(types(null)).isEqualTo("null");
  }

  private String types(@Nullable String table) {
    return line("select londiste.find_column_types(?)", table);
  }
}

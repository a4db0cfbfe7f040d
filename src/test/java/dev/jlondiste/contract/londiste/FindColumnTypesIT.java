package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_column_types")
class FindColumnTypesIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly("find_column_types(tbl text) returns text stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void oneLetterPerColumnKForTheKey() {
    run("create table typed(id int primary key, a text, b text)");

    assertThat(types("typed")).isEqualTo("kvv");
    assertThat(types("public.typed")).isEqualTo("kvv");
  }

  @Test
  void aTableWithoutPrimaryKeyHasNoK() {
    run("create table keyless(a int not null unique, b int)");

    assertThat(types("keyless")).isEqualTo("vv");
  }

  @Test
  void columnsOfTheKeyMayBeAnywhere() {
    run("create table behind(a int, b int, c int, primary key (c, a))");

    // the original counts the columns of the index
    assertThat(types("behind")).isEqualTo(installation().isOurs() ? "kvk" : "kkv");
  }

  @Test
  void droppedColumnsDoNotCount() {
    run(
        "create table shrunk(a int, b int, c int, primary key (c));"
            + " alter table shrunk drop column a");

    // the original takes the third of the remaining columns
    assertThat(types("shrunk")).isEqualTo(installation().isOurs() ? "vk" : "vv");
  }

  @Test
  void columnsThatTheKeyOnlyIncludesAreNoKey() {
    assumeServerSince(11, "primary keys include no columns yet");
    run("create table covered(a int, b int, primary key (b) include (a))");

    // the original takes them for one
    assertThat(types("covered")).isEqualTo(installation().isOurs() ? "vk" : "kk");
  }

  @Test
  void whatIsNoTableHasNone() {
    run("create view looks as select 1 as one; create table columnless()");

    assertThat(types("looks")).isEmpty();
    assertThat(types("columnless")).isEmpty();
    assertThat(types("nothing")).isEmpty();
  }

  @Test
  void nullGivesNull() {
    assertThat(types(null)).isEqualTo("null");
  }

  private String types(@Nullable String table) {
    return line("select londiste.find_column_types(?)", table);
  }
}

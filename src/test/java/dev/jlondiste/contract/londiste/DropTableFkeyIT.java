package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.drop_table_fkey")
class DropTableFkeyIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "drop_table_fkey(i_from_table text, i_fkey_name text) returns integer strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void it_is_dropped_and_remembered() {
    foreignKey("drops");

    assertThat(drop("public.drops_child", "to_parent")).isEqualTo("1");

    assertThat(lines("select * from londiste.find_table_fkeys('public.drops_child')")).isEmpty();
    assertThat(pending("public.drops_child"))
        .startsWith(
            "public.drops_child | public.drops_parent | to_parent | alter table only public.drops_child add constraint to_parent FOREIGN KEY (parent) REFERENCES ");
    run("insert into drops_child values (1, 99)");
  }

  @Test
  void what_is_not_there_is_no_error() {
    foreignKey("absent");

    assertThat(drop("public.absent_child", "other")).isEqualTo("0");
    assertThat(drop("public.nothing", "to_parent")).isEqualTo("0");
    assertThat(lines("select 1 from londiste.pending_fkeys where from_table ~ 'absent'")).isEmpty();
  }

  @Test
  void dropped_twice_is_no_error() {
    foreignKey("twice");
    drop("public.twice_child", "to_parent");

    assertThat(drop("public.twice_child", "to_parent")).isEqualTo("0");
    assertThat(pending("public.twice_child")).isNotEmpty();
  }

  @Test
  void the_other_side_has_none() {
    foreignKey("sides");

    assertThat(drop("public.sides_parent", "to_parent")).isEqualTo("0");
    assertThat(lines("select 1 from londiste.find_table_fkeys('public.sides_child')")).hasSize(1);
  }

  @Test
  void other_constraints_are_left_alone() {
    tables("keyed");

    assertThat(drop("public.keyed", "keyed_pkey")).isEqualTo("0");
    assertThat(lines("select 1 from pg_constraint where conname = 'keyed_pkey'")).hasSize(1);
  }

  @Test
  void odd_names_work() {
    run(
        """
        create schema "S t";
        create table "S t"."T.a" (id int primary key, up int constraint "Od ""D" references "S t"."T.a");
        """);

    assertThat(drop("S t.T.a", "Od \"D")).isEqualTo("1");
    assertThat(pending("S t.T.a"))
        .startsWith("S t.T.a | S t.T.a | Od \"D | alter table only \"S t\".\"T.a\"");
  }

  /** The foreign key was restored manually; the original fails on the remaining row. */
  @Test
  void one_that_came_back_is_remembered_anew() {
    foreignKey("returns");
    drop("public.returns_child", "to_parent");
    run(
        "alter table returns_child add constraint to_parent foreign key (id) references returns_parent");

    if (installation().isOurs()) {
      assertThat(drop("public.returns_child", "to_parent")).isEqualTo("1");
      assertThat(pending("public.returns_child")).contains("FOREIGN KEY (id)");
    } else {
      assertThat(
              failure("select londiste.drop_table_fkey('public.returns_child', 'to_parent')")
                  .state())
          .isEqualTo("23505");
    }
  }

  @Test
  void null_gives_null() {
    assertThat(drop(null, "to_parent")).isEqualTo("null");
    assertThat(drop("public.absent_child", null)).isEqualTo("null");
  }

  private String drop(@Nullable String table, @Nullable String name) {
    return line("select londiste.drop_table_fkey(?, ?)", table, name);
  }

  private String pending(String table) {
    return line("select * from londiste.pending_fkeys where from_table = ?", table);
  }
}

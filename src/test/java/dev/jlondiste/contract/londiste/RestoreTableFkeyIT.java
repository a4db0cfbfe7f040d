package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.restore_table_fkey")
class RestoreTableFkeyIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "restore_table_fkey(i_from_table text, i_fkey_name text, i_lazy boolean DEFAULT false) returns text strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void it_comes_back_at_once() {
    dropped("back");

    assertThat(restore("back")).isEmpty();

    assertThat(state("back")).isEqualTo("t | 0");
  }

  @Test
  void what_is_not_pending_is_no_error() {
    assertThat(line("select londiste.restore_table_fkey('public.nothing', 'any')")).isEmpty();
    assertThat(line("select londiste.restore_table_fkey('public.nothing', 'any', true)")).isEmpty();
  }

  @Test
  void rows_that_violate_it_are_an_error_and_it_stays_pending() {
    dropped("violated");
    run("insert into violated_child values (1, 99)");

    assertThat(
            failure("select londiste.restore_table_fkey('public.violated_child', 'to_parent')")
                .state())
        .isEqualTo("23503");
    assertThat(state("violated")).isEqualTo("null | 1");
  }

  /** The tables are locked only for a moment: the caller runs each statement and commits. */
  @Test
  void lazily_the_caller_runs_two_statements() {
    dropped("lazy");

    String create = restoreLazily("lazy");
    assertThat(create)
        .startsWith("alter table only public.lazy_child add constraint to_parent FOREIGN KEY")
        .endsWith(" not valid");
    assertThat(restoreLazily("lazy")).isEqualTo(create);
    run(create);
    assertThat(state("lazy")).isEqualTo("f | 1");

    String validate = restoreLazily("lazy");
    assertThat(validate)
        .isEqualTo("alter table only public.lazy_child validate constraint to_parent");
    assertThat(restoreLazily("lazy")).isEqualTo(validate);
    run(validate);
    assertThat(state("lazy")).isEqualTo("t | 1");

    assertThat(restoreLazily("lazy")).isEmpty();
    assertThat(state("lazy")).isEqualTo("t | 0");
    assertThat(restoreLazily("lazy")).isEmpty();
  }

  @Test
  void lazily_one_that_somebody_brought_back_is_done() {
    dropped("by_hand");
    run(
        "alter table by_hand_child add constraint to_parent"
            + " foreign key (parent) references by_hand_parent");

    assertThat(restoreLazily("by_hand")).isEmpty();
    assertThat(state("by_hand")).isEqualTo("t | 0");
  }

  /** The original says NOT VALID twice, and validates what was not valid before. */
  @Test
  void lazily_one_that_was_not_valid_stays_so() {
    assumeOurs("the reference validates what was not valid before");
    foreignKey("loose");
    run(
        """
        alter table loose_child drop constraint to_parent;
        alter table loose_child add constraint to_parent
            foreign key (parent) references loose_parent not valid;
        insert into loose_parent values (1);
        select londiste.drop_table_fkey('public.loose_child', 'to_parent');
        """);

    String create = restoreLazily("loose");
    assertThat(create).endsWith(" NOT VALID");
    run(create);
    assertThat(restoreLazily("loose")).isEmpty();
    assertThat(state("loose")).isEqualTo("f | 0");
  }

  @Test
  void odd_names_work() {
    run(
        """
        create schema "S t";
        create table "S t"."T.a" (id int primary key, up int constraint "Od ""D" references "S t"."T.a");
        select londiste.drop_table_fkey('S t.T.a', 'Od "D');
        """);
    String next = "select londiste.restore_table_fkey('S t.T.a', 'Od \"D', true)";

    run(line(next));
    assertThat(line(next))
        .isEqualTo("alter table only \"S t\".\"T.a\" validate constraint \"Od \"\"D\"");
    run(line(next));
    assertThat(line(next)).isEmpty();
  }

  @Test
  void null_gives_null() {
    dropped("nulls");

    assertThat(line("select londiste.restore_table_fkey(null, 'to_parent')")).isEqualTo("null");
    assertThat(line("select londiste.restore_table_fkey('public.nulls_child', null)"))
        .isEqualTo("null");
    assertThat(line("select londiste.restore_table_fkey('public.nulls_child', 'to_parent', null)"))
        .isEqualTo("null");
    assertThat(state("nulls")).isEqualTo("null | 1");
  }

  private void dropped(String name) {
    foreignKey(name);
    assertThat(
            line("select londiste.drop_table_fkey('public.' || ? || '_child', 'to_parent')", name))
        .isEqualTo("1");
  }

  private String restore(String name) {
    return line(
        "select londiste.restore_table_fkey('public.' || ? || '_child', 'to_parent')", name);
  }

  private String restoreLazily(String name) {
    return line(
        "select londiste.restore_table_fkey('public.' || ? || '_child', 'to_parent', true)", name);
  }

  /** Whether it is there and validated, null when it is not there; and whether it is pending. */
  private String state(String name) {
    return line(
        """
        select (select convalidated from pg_constraint
                 where conname = 'to_parent' and conrelid = (t.name)::regclass),
               (select count(*) from londiste.pending_fkeys where from_table = t.name)
          from (select 'public.' || ? || '_child' as name) t
        """,
        name);
  }
}

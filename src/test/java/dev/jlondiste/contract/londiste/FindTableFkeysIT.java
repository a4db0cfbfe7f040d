package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.find_table_fkeys")
class FindTableFkeysIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "find_table_fkeys(i_table_name text) returns SETOF londiste.pending_fkeys stable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void both_sides_have_it() {
    foreignKey("found");
    String expected =
        "public.found_child | public.found_parent | to_parent | alter table only public.found_child"
            + " add constraint to_parent FOREIGN KEY (parent) REFERENCES public.found_parent(id)"
            + " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED";

    assertThat(fullyNamed("public.found_child")).containsExactly(expected);
    assertThat(fullyNamed("public.found_parent")).containsExactly(expected);
  }

  /** The session that runs the statement later may have another search path. */
  @Test
  void names_are_full_whatever_the_search_path() {
    foreignKey("pathless");

    // the original leaves out the schema that the caller has in its path
    assertThat(line("select fkey_def from londiste.find_table_fkeys('public.pathless_child')"))
        .contains(
            installation().isOurs()
                ? "REFERENCES public.pathless_parent"
                : "REFERENCES pathless_parent");
  }

  @Test
  void a_table_may_refer_to_itself() {
    run("create table tree (id int primary key, above int constraint up references tree)");

    assertThat(fullyNamed("public.tree"))
        .containsExactly(
            "public.tree | public.tree | up | alter table only public.tree add constraint up"
                + " FOREIGN KEY (above) REFERENCES public.tree(id)");
  }

  @Test
  void several_are_in_order() {
    run(
        """
        create table b_parent (id int primary key, code int unique);
        create table b_child (id int primary key,
            x int constraint z_key references b_parent,
            y int constraint a_key references b_parent (code));
        create table a_child (id int primary key constraint own references b_parent);
        """);

    assertThat(
            lines("select from_table, fkey_name from londiste.find_table_fkeys('public.b_parent')"))
        .containsExactly(
            "public.a_child | own", "public.b_child | a_key", "public.b_child | z_key");
  }

  @Test
  void odd_names_are_quoted_in_the_statement_only() {
    run(
        """
        create schema "S t";
        create table "S t"."Pa.rent" (id int primary key);
        create table "S t"."Ch""ild" (id int constraint "Od D" references "S t"."Pa.rent");
        """);

    assertThat(fullyNamed("S t.Ch\"ild"))
        .containsExactly(
            "S t.Ch\"ild | S t.Pa.rent | Od D | alter table only \"S t\".\"Ch\"\"ild\" add constraint"
                + " \"Od D\" FOREIGN KEY (id) REFERENCES \"S t\".\"Pa.rent\"(id)");
  }

  @Test
  void one_that_is_not_validated_stays_so() {
    run(
        """
        create table loose_parent (id int primary key);
        create table loose_child (id int);
        alter table loose_child add constraint loose foreign key (id) references loose_parent
            not valid;
        """);

    assertThat(line("select fkey_def from londiste.find_table_fkeys('public.loose_child')"))
        .endsWith(" NOT VALID");
  }

  @Test
  void partitions_do_not_show_what_they_inherit() {
    assumeOurs("the reference knows nothing of partitioned tables");
    assumeServerSince(12, "no foreign keys to or of partitioned tables yet");
    run(
        """
        create table range_parent (id int primary key);
        create table ranges (id int constraint inherited references range_parent)
            partition by range (id);
        create table ranges_1 partition of ranges for values from (1) to (9);
        """);

    assertThat(fullyNamed("public.ranges_1")).isEmpty();
    assertThat(fullyNamed("public.ranges"))
        .containsExactly(
            "public.ranges | public.range_parent | inherited | alter table public.ranges add"
                + " constraint inherited FOREIGN KEY (id) REFERENCES public.range_parent(id)");
  }

  @Test
  void a_table_without_has_none() {
    tables("single");

    assertThat(fullyNamed("public.single")).isEmpty();
    assertThat(fullyNamed("public.nothing")).isEmpty();
    assertThat(lines("select * from londiste.find_table_fkeys(null)")).isEmpty();
  }

  private List<String> fullyNamed(String table) {
    return lines(
        """
        select f.* from (select set_config('search_path', 'pg_catalog', true)) c,
               lateral londiste.find_table_fkeys(? || left(c.set_config, 0)) f
        """,
        table);
  }
}

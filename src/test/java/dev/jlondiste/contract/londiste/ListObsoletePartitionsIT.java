package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.list_obsolete_partitions")
class ListObsoletePartitionsIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "list_obsolete_partitions(i_parent_table text, i_retention_period interval, i_partition_period text) returns SETOF text");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void lists_partitions_of_the_period_that_are_too_old() {
    run(
        """
        create table old (id int);
        create table old_2002_01 () inherits (old);
        create table old_2001_12 () inherits (old);
        create table old_9999_01 () inherits (old);
        create table old_2001 () inherits (old);
        """);

    List<String> months = obsolete("old", "month");
    assertThat(months).containsExactlyInAnyOrder("public.old_2001_12", "public.old_2002_01");
    if (installation().isOurs()) { // the oldest first; in the original as it comes
      assertThat(months).isSorted();
    }
    assertThat(obsolete("public.old", "yearly")).containsExactly("public.old_2001");
    assertThat(obsolete("old", "day")).isEmpty();
  }

  /** Handlers may make partitions by other means than inheritance. */
  @Test
  void the_name_alone_makes_a_partition() {
    run(
        """
        create schema elsewhere;
        create table named (id int);
        create table named_2001 (id int);
        create table named_x_2001 (id int);
        create table namedx_2001 (id int);
        create table other_2001 () inherits (named);
        create table elsewhere.named_2001 () inherits (named);
        create view named_2002 as select 1 as one;
        create table orphan_2001 (id int);
        """);

    assertThat(obsolete("named", "year")).containsExactly("public.named_2001");
    assertThat(obsolete("orphan", "year")).containsExactly("public.orphan_2001");
  }

  @Test
  void special_characters_in_the_name_mean_nothing() {
    run(
        """
        create table "a%b_2001" (id int);
        create table a_b_2001 (id int);
        create table axb_2001 (id int);
        """);

    assertThat(obsolete("a%b", "year")).containsExactly("public.\"a%b_2001\"");
    assertThat(obsolete("a_b", "year")).containsExactly("public.a_b_2001");
  }

  @Test
  void neither_does_a_dot() {
    assumeOurs("the reference does not find them");
    run("create table \"c.d_2001\" (id int); create table \"c+d_2001\" (id int)");

    assertThat(obsolete("public.c.d", "year")).containsExactly("public.\"c.d_2001\"");
    assertThat(obsolete("c+d", "year")).containsExactly("public.\"c+d_2001\"");
  }

  @Test
  void names_are_quoted() {
    run(
        """
        create schema "S p";
        create table "S p"."T "" b" (id int);
        create table "S p"."T "" b_2001" () inherits ("S p"."T "" b");
        """);

    assertThat(obsolete("S p.T \" b", "year")).containsExactly("\"S p\".\"T \"\" b_2001\"");
  }

  @Test
  void a_partition_may_be_partitioned_itself() {
    assumePartitions();
    run("create table nested_2001 (id int) partition by range (id)");

    assertThat(obsolete("nested", "year")).containsExactly("public.nested_2001");
  }

  @Test
  void a_table_that_is_not_there_has_none() {
    assertThat(obsolete("nothing", "year")).isEmpty();
  }

  @Test
  void other_periods_are_an_error_even_without_partitions() {
    assertMessage(
        failure("select londiste.list_obsolete_partitions('nothing', '1 year', 'eon')"),
        "not supported i_partition_period: eon");
  }

  private List<String> obsolete(String table, String period) {
    return lines("select * from londiste.list_obsolete_partitions(?, '1 year', ?)", table, period);
  }
}

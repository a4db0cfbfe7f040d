package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("londiste.drop_obsolete_partitions")
class DropObsoletePartitionsIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "drop_obsolete_partitions(i_parent_table text, i_retention_period interval, i_partition_period text) returns SETOF text");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void drops_and_tells_what_is_too_old() {
    run(
        """
        create table old (id int);
        create table old_2001_12 () inherits (old);
        create table old_2002_01 () inherits (old);
        create table old_9999_01 () inherits (old);
        """);

    assertThat(drop("old", "month"))
        .containsExactlyInAnyOrder("public.old_2001_12", "public.old_2002_01");

    assertThat(
            lines("select inhrelid::regclass from pg_inherits where inhparent = 'old'::regclass"))
        .containsExactly("old_9999_01");
    assertThat(drop("old", "month")).isEmpty();
  }

  @Test
  void odd_names_work() {
    run(
        """
        create schema "S p";
        create table "S p"."T "" b" (id int);
        create table "S p"."T "" b_2001" () inherits ("S p"."T "" b");
        """);

    assertThat(drop("S p.T \" b", "year")).containsExactly("\"S p\".\"T \"\" b_2001\"");
    assertThat(line("select to_regclass('\"S p\".\"T \"\" b_2001\"')")).isEqualTo("null");
  }

  @Test
  void what_others_depend_on_stops_all() {
    run(
        """
        create table used (id int);
        create table used_2001 () inherits (used);
        create table used_2002 () inherits (used);
        create view used_view as select * from used_2002;
        """);

    assertThat(
            failure("select londiste.drop_obsolete_partitions('used', '1 year', 'year')").state())
        .isEqualTo("2BP01");
    assertThat(line("select to_regclass('used_2001')")).isEqualTo("used_2001");
  }

  @Test
  void other_periods_are_an_error() {
    assertMessage(
        failure("select londiste.drop_obsolete_partitions('nothing', '1 year', 'eon')"),
        "not supported i_partition_period: eon");
  }

  private List<String> drop(String table, String period) {
    return lines("select * from londiste.drop_obsolete_partitions(?, '1 year', ?)", table, period);
  }
}

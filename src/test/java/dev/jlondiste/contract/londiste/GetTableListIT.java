package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.get_table_list")
class GetTableListIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_table_list(i_queue_name text, OUT table_name text, OUT local boolean, OUT merge_state text, OUT custom_snapshot text, OUT table_attrs text, OUT dropped_ddl text, OUT copy_role text, OUT copy_pos integer, OUT dest_table text) returns SETOF record stable strict");
    assertThat(callers()).containsExactly("londiste_reader", "londiste_writer");
  }

  @Test
  void lists_tables_in_the_order_they_were_added() {
    branch("ordered");
    known("ordered", "b", "a", "Odd s.c");

    assertThat(lines("select * from londiste.get_table_list('ordered')"))
        .containsExactly(
            "public.b | f | null | null | null | null | null | 0 | null",
            "public.a | f | null | null | null | null | null | 0 | null",
            "Odd s.c | f | null | null | null | null | null | 0 | null");
  }

  @Test
  void the_local_name_is_told_only_where_it_differs() {
    root("renamed");
    tables("here");
    reply("local_add_table('renamed', 'here', null, 'a=1', 'here')");
    reply("local_add_table('renamed', 'there', null, null, 'here')");

    assertThat(lines("select * from londiste.get_table_list('renamed')"))
        .containsExactly(
            "public.here | t | ok | null | a=1 | null | null | 0 | null",
            "public.there | t | ok | null | null | null | null | 0 | public.here");
  }

  @Test
  void a_running_copy_has_snapshot_structure_and_its_place() {
    root("whole");
    mergeLeaf("part_a", "whole");
    mergeLeaf("part_b", "whole");
    tables("merged");
    known("part_a", "merged");
    known("part_b", "merged");
    run(
        """
            select londiste.local_add_table('part_a', 'merged', '{merge_all}');
            update londiste.table_info set merge_state = 'in-copy', dropped_ddl = 'select 1'
             where queue_name = 'part_a';
            update londiste.table_info set merge_state = 'catching-up', custom_snapshot = '1:1:'
             where queue_name = 'part_b';
            """);

    assertThat(line("select * from londiste.get_table_list('part_a')"))
        .isEqualTo("public.merged | t | in-copy | null | null | select 1 | lead | 0 | null");
    assertThat(lineAs("londiste_reader", "select * from londiste.get_table_list('part_b')"))
        .isEqualTo("public.merged | t | catching-up | 1:1: | null | null | wait-replay | 0 | null");
  }

  @Test
  void an_unknown_queue_has_none() {
    assertThat(lines("select * from londiste.get_table_list('nowhere')")).isEmpty();
    assertThat(lines("select * from londiste.get_table_list(null)")).isEmpty();
  }

  @Test
  void who_is_no_reader_may_not() {
    assertThat(failureAs("pgq_admin", "select * from londiste.get_table_list('any')").state())
        .isEqualTo("42501");
  }
}

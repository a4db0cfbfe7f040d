package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste._coordinate_copy")
class CoordinateCopyIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "_coordinate_copy(i_queue_name text, i_table_name text, OUT copy_role text, OUT copy_pos integer) returns record stable strict");
    assertThat(callers()).containsExactly("londiste_reader", "londiste_writer");
  }

  @Test
  void a_copy_without_others_waits_for_nobody() {
    leaf("alone");
    missing("alone", "single");
    state("alone", "in-copy", null);

    assertThat(role("alone", "single")).isEqualTo("null | 0");
  }

  @Test
  void the_first_queue_leads_and_the_others_wait_to_copy() {
    parts("lead");
    state("lead1", "in-copy", null);
    state("lead2", "in-copy", null);
    state("lead3", "in-copy", null);

    assertThat(roles("lead")).containsExactly("lead | 0", "wait-copy | 1", "wait-copy | 2");
  }

  @Test
  void a_part_that_is_not_copied_yet_counts_as_part() {
    parts("unborn");
    state("unborn2", "in-copy", null);

    assertThat(roles("unborn")).containsExactly("null | 0", "wait-copy | 0", "null | 0");
  }

  @Test
  void once_the_structure_is_dropped_the_others_copy_and_wait_to_replay() {
    parts("drop");
    state("drop1", "in-copy", "create index");
    state("drop2", "in-copy", null);
    state("drop3", "catching-up", null);

    assertThat(roles("drop")).containsExactly("lead | 0", "wait-replay | 1", "wait-replay | 0");
  }

  @Test
  void who_has_the_structure_leads() {
    parts("owner");
    state("owner1", "in-copy", null);
    state("owner2", "in-copy", null);
    state("owner3", "in-copy", "create index");

    assertThat(roles("owner")).containsExactly("wait-replay | 0", "wait-replay | 1", "lead | 0");
  }

  @Test
  void the_leader_restores_when_all_are_copied() {
    parts("restore");
    state("restore1", "catching-up", "create index");
    state("restore2", "catching-up", null);
    state("restore3", "in-copy", null);
    assertThat(roles("restore"))
        .containsExactly("wait-replay | 0", "wait-replay | 0", "wait-replay | 0");

    state("restore3", "catching-up", null);

    assertThat(roles("restore")).containsExactly("null | 0", "wait-replay | 0", "wait-replay | 0");
  }

  @Test
  void with_the_structure_back_all_replay() {
    parts("back");
    state("back1", "catching-up", null);
    state("back2", "catching-up", null);
    state("back3", "wanna-sync:5", null);

    assertThat(roles("back")).containsExactly("null | 0", "null | 0", "null | 0");
  }

  @Test
  void a_second_copy_of_the_first_does_not_drop_what_the_others_replay_into() {
    parts("late");
    state("late1", "in-copy", null);
    state("late2", "catching-up", null);
    state("late3", "in-copy", null);

    assertThat(roles("late")).containsExactly("wait-replay | 0", "null | 0", "wait-replay | 1");
  }

  @Test
  void parts_in_sync_do_not_count() {
    parts("done");
    state("done1", "ok", null);
    state("done2", "in-copy", null);
    state("done3", null, null);
    assertThat(roles("done")).containsExactly("null | 0", "lead | 0", "null | 0");

    state("done3", "ok", null);

    assertThat(roles("done")).containsExactly("null | 0", "null | 0", "null | 0");
  }

  @Test
  void parts_that_are_not_local_do_not_lead() {
    parts("far");
    state("far1", "in-copy", null);
    state("far2", "in-copy", null);
    state("far3", "in-copy", null);
    run("update londiste.table_info set local = false where queue_name = 'far1'");

    assertThat(roles("far")).containsExactly("wait-copy | 0", "lead | 0", "wait-copy | 2");
  }

  @Test
  void the_local_name_decides_not_the_global_one() {
    root("named");
    mergeLeaf("named1", "named");
    mergeLeaf("named2", "named");
    tables("named_here");
    run(
        """
            insert into londiste.table_info (queue_name, table_name, local, merge_state, dest_table)
            values ('named1', 'public.a', true, 'in-copy', 'public.named_here'),
                   ('named2', 'public.named_here', true, 'in-copy', null);
            """);

    assertThat(role("named1", "a")).isEqualTo("lead | 0");
    assertThat(role("named2", "named_here")).isEqualTo("wait-copy | 1");
  }

  @Test
  void leaves_of_other_combined_queues_are_no_parts() {
    parts("mine");
    root("yours");
    mergeLeaf("mine0", "yours");
    leaf("mine00");
    run(
        """
            insert into londiste.table_info (queue_name, table_name, local, merge_state)
            values ('mine0', 'public.mine', true, 'in-copy'), ('mine00', 'public.mine', true, 'in-copy');
            """);
    state("mine1", "in-copy", null);

    assertThat(roles("mine")).containsExactly("lead | 0", "null | 0", "null | 0");
    assertThat(role("mine0", "mine")).isEqualTo("null | 0");
    assertThat(role("mine00", "mine")).isEqualTo("null | 0");
  }

  @Test
  void leaves_without_combined_queue_are_parts() {
    leaf("plain1");
    leaf("plain2");
    run(
        """
            insert into londiste.table_info (queue_name, table_name, local, merge_state)
            values ('plain1', 'public.plain', true, 'in-copy'), ('plain2', 'public.plain', true, 'in-copy');
            """);

    assertThat(role("plain1", "plain")).isEqualTo("lead | 0");
    assertThat(role("plain2", "plain")).isEqualTo("wait-copy | 1");
  }

  @Test
  void an_unknown_table_has_no_place() {
    assertThat(role("nowhere", "nothing")).isEqualTo("null | null");
    assertThat(line("select * from londiste._coordinate_copy(null, 'x')")).isEqualTo("null | null");
  }

  /** Three parts of one table, which has the name of the combined queue; all are local. */
  private void parts(String name) {
    root(name);
    tables(name);
    for (int i = 1; i <= 3; i++) {
      mergeLeaf(name + i, name);
      known(name + i, name);
    }
    assertThat(reply("local_add_table(?, ?, '{merge_all}')", name + 1, name)).startsWith("200 ");
  }

  private void state(String queue, @Nullable String state, @Nullable String droppedDdl) {
    line(
        """
            update londiste.table_info set merge_state = ?, dropped_ddl = ?
             where queue_name = ? returning 1
            """,
        state,
        droppedDdl,
        queue);
  }

  private List<String> roles(String name) {
    return lines(
        """
        select f.* from unnest(array[1, 2, 3]) i, londiste._coordinate_copy(? || i, 'public.' || ?) f
         order by i
        """,
        name,
        name);
  }

  private String role(String queue, String table) {
    return line("select * from londiste._coordinate_copy(?, 'public.' || ?)", queue, table);
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.get_valid_pending_fkeys")
class GetValidPendingFkeysIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "get_valid_pending_fkeys(i_queue_name text) returns SETOF londiste.pending_fkeys stable strict");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void both_tables_must_be_in_sync() {
    leaf("sync");
    pending("sync");

    assertThat(valid("sync")).isEmpty();
    state("sync", "sync_from", true, "ok");
    assertThat(valid("sync")).isEmpty();
    state("sync", "sync_to", true, null);
    assertThat(valid("sync")).isEmpty();
    state("sync", "sync_to", true, "catching-up");
    assertThat(valid("sync")).isEmpty();
    state("sync", "sync_to", true, "ok");
    assertThat(valid("sync")).containsExactly("public.sync_from | public.sync_to | k | def");
  }

  @Test
  void a_table_that_is_not_local_is_not_in_sync() {
    leaf("remote");
    pending("remote");
    state("remote", "remote_from", true, "ok");
    state("remote", "remote_to", false, "ok");

    assertThat(valid("remote")).isEmpty();
  }

  /** Events may still be left out, so the data is not what it seems. */
  @Test
  void no_snapshot_may_be_left() {
    leaf("snapshot");
    inSyncBoth("snapshot");
    run("update londiste.table_info set custom_snapshot = '1:1:' where table_name ~ 'snapshot_to'");
    assertThat(valid("snapshot")).isEmpty();

    run("update londiste.table_info set custom_snapshot = null where table_name ~ 'snapshot_to'");
    assertThat(valid("snapshot")).hasSize(1);
  }

  @Test
  void local_names_count() {
    leaf("renamed");
    pending("renamed");
    state("renamed", "global_from", true, "ok");
    state("renamed", "global_to", true, "ok");
    run(
        "update londiste.table_info set dest_table = replace(table_name, 'global', 'renamed')"
            + " where queue_name = 'renamed'");

    assertThat(valid("renamed")).hasSize(1);
  }

  @Test
  void a_table_may_refer_to_itself() {
    leaf("self");
    run("insert into londiste.pending_fkeys values ('public.self', 'public.self', 'k', 'def')");
    state("self", "self", true, "ok");

    assertThat(valid("self")).containsExactly("public.self | public.self | k | def");
  }

  @Test
  void several_are_in_order() {
    leaf("order");
    inSyncBoth("order");
    run(
        """
        insert into londiste.pending_fkeys
        values ('public.order_from', 'public.order_to', 'a', 'def'),
               ('public.order_from', 'public.order_from', 'z', 'def');
        """);

    assertThat(valid("order"))
        .containsExactly(
            "public.order_from | public.order_from | z | def",
            "public.order_from | public.order_to | a | def",
            "public.order_from | public.order_to | k | def");
  }

  @Test
  void of_several_queues_only_the_first_does_it() {
    leaf("share1");
    leaf("share2");
    pending("share");
    state("share1", "share_to", true, "ok");
    state("share2", "share_from", true, "ok");

    assertThat(valid("share1")).hasSize(1);
    assertThat(valid("share2")).isEmpty();
  }

  @Test
  void all_queues_must_be_in_sync() {
    leaf("all1");
    leaf("all2");
    pending("all");
    state("all1", "all_from", true, "ok");
    state("all1", "all_to", true, "ok");
    state("all2", "all_to", true, "in-copy");

    assertThat(valid("all1")).isEmpty();
    assertThat(valid("all2")).isEmpty();
  }

  /** There the workers of the parts write, so the first of them does it. */
  @Test
  void of_a_combined_root_a_part_does_it() {
    root("a_whole");
    mergeLeaf("b_part", "a_whole");
    mergeLeaf("c_part", "a_whole");
    pending("merged");
    state("a_whole", "merged_from", true, "ok");
    state("a_whole", "merged_to", true, "ok");
    state("c_part", "merged_from", true, "ok");
    state("b_part", "merged_to", true, "ok");

    assertThat(valid("b_part")).hasSize(1);
    assertThat(valid("c_part")).isEmpty();
    assertThat(valid("a_whole")).isEmpty();
  }

  /** There the data comes through the combined queue, so its worker does it. */
  @Test
  void of_a_combined_branch_the_combined_queue_does_it() {
    branch("z_whole");
    mergeLeaf("x_part", "z_whole");
    mergeLeaf("y_part", "z_whole");
    pending("relayed");
    state("x_part", "relayed_from", true, "ok");
    state("y_part", "relayed_to", true, "ok");
    assertThat(valid("z_whole")).isEmpty(); // has none of the tables itself
    state("z_whole", "relayed_from", true, "ok");
    state("z_whole", "relayed_to", true, "ok");

    assertThat(valid("z_whole")).hasSize(1);
    assertThat(valid("x_part")).isEmpty();
    assertThat(valid("y_part")).isEmpty();
  }

  @Test
  void an_unknown_queue_has_none() {
    assertThat(valid("nowhere")).isEmpty();
    assertThat(lines("select * from londiste.get_valid_pending_fkeys(null)")).isEmpty();
  }

  private void pending(String name) {
    run(
        "insert into londiste.pending_fkeys values ('public.%1$s_from', 'public.%1$s_to', 'k', 'def')"
            .formatted(name));
  }

  private void inSyncBoth(String name) {
    pending(name);
    state(name, name + "_from", true, "ok");
    state(name, name + "_to", true, "ok");
  }

  private void state(String queue, String table, boolean local, @Nullable String state) {
    line(
        """
        insert into londiste.table_info as t (queue_name, table_name, local, merge_state)
        values (?, 'public.' || ?, ?, ?)
            on conflict (queue_name, table_name) do update
           set local = excluded.local, merge_state = excluded.merge_state
        returning 1
        """,
        queue,
        table,
        local,
        state);
  }

  private List<String> valid(String queue) {
    return lines("select * from londiste.get_valid_pending_fkeys(?)", queue);
  }
}

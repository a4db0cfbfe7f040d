package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste._coordinate_copy")
class CoordinateCopyIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly(
            "_coordinate_copy(i_queue_name text, i_table_name text, OUT copy_role text, OUT copy_pos integer) returns record stable strict");
    assertThat(callers()).containsExactly("londiste_reader", "londiste_writer");
  }

  @Test
  void aCopyWithoutOthersWaitsForNobody() {
    leaf("alone");
    missing("alone", "single");
    state("alone", "in-copy", null);

    assertThat(role("alone", "single")).isEqualTo("null | 0");
  }

  @Test
  void theFirstQueueLeadsAndTheOthersWaitToCopy() {
    parts("lead");
    state("lead1", "in-copy", null);
    state("lead2", "in-copy", null);
    state("lead3", "in-copy", null);

    assertThat(roles("lead")).containsExactly("lead | 0", "wait-copy | 1", "wait-copy | 2");
  }

  @Test
  void aPartThatIsNotCopiedYetCountsAsPart() {
    parts("unborn");
    state("unborn2", "in-copy", null);

    assertThat(roles("unborn")).containsExactly("null | 0", "wait-copy | 0", "null | 0");
  }

  @Test
  void onceTheStructureIsDroppedTheOthersCopyAndWaitToReplay() {
    parts("drop");
    state("drop1", "in-copy", "create index");
    state("drop2", "in-copy", null);
    state("drop3", "catching-up", null);

    assertThat(roles("drop")).containsExactly("lead | 0", "wait-replay | 1", "wait-replay | 0");
  }

  @Test
  void whoHasTheStructureLeads() {
    parts("owner");
    state("owner1", "in-copy", null);
    state("owner2", "in-copy", null);
    state("owner3", "in-copy", "create index");

    assertThat(roles("owner")).containsExactly("wait-replay | 0", "wait-replay | 1", "lead | 0");
  }

  @Test
  void theLeaderRestoresWhenAllAreCopied() {
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
  void withTheStructureBackAllReplay() {
    parts("back");
    state("back1", "catching-up", null);
    state("back2", "catching-up", null);
    state("back3", "wanna-sync:5", null);

    assertThat(roles("back")).containsExactly("null | 0", "null | 0", "null | 0");
  }

  @Test
  void aSecondCopyOfTheFirstDoesNotDropWhatTheOthersReplayInto() {
    parts("late");
    state("late1", "in-copy", null);
    state("late2", "catching-up", null);
    state("late3", "in-copy", null);

    assertThat(roles("late")).containsExactly("wait-replay | 0", "null | 0", "wait-replay | 1");
  }

  @Test
  void partsInSyncDoNotCount() {
    parts("done");
    state("done1", "ok", null);
    state("done2", "in-copy", null);
    state("done3", null, null);
    assertThat(roles("done")).containsExactly("null | 0", "lead | 0", "null | 0");

    state("done3", "ok", null);

    assertThat(roles("done")).containsExactly("null | 0", "null | 0", "null | 0");
  }

  @Test
  void partsThatAreNotLocalDoNotLead() {
    parts("far");
    state("far1", "in-copy", null);
    state("far2", "in-copy", null);
    state("far3", "in-copy", null);
    run("update londiste.table_info set local = false where queue_name = 'far1'");

    assertThat(roles("far")).containsExactly("wait-copy | 0", "lead | 0", "wait-copy | 2");
  }

  @Test
  void theLocalNameDecidesNotTheGlobalOne() {
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
  void leavesOfOtherCombinedQueuesAreNoParts() {
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
  void leavesWithoutCombinedQueueAreParts() {
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
  void anUnknownTableHasNoPlace() {
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

package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.MergedTable.Part;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopyTurnTest {
  private static final String DROPPED = "alter table mydata add primary key (id)";

  private static Part part(String queue, TableState state, String dropped) {
    TableName name = TableName.parse("public.mydata");
    return new Part(
        queue,
        new TableInfo(
            name,
            true,
            state,
            Optional.empty(),
            Map.of(),
            Optional.of(dropped).filter(ddl -> !ddl.isEmpty()),
            Optional.empty(),
            0,
            name),
        "worker of " + queue,
        false);
  }

  private static CopyTurn.Step step(String queue, Part... parts) {
    return CopyTurn.step(new MergedTable(List.of(parts)), queue, false);
  }

  @Test
  void a_table_of_one_queue_is_copied_alone() {
    assertThat(step("a", part("a", TableState.IN_COPY, ""))).isEqualTo(CopyTurn.Step.ALONE);
  }

  @Test
  void the_first_queue_that_has_begun_leads() {
    Part away = part("a", TableState.MISSING, "");
    Part first = part("b", TableState.IN_COPY, "");
    Part second = part("c", TableState.IN_COPY, "");
    assertThat(step("b", away, first, second)).isEqualTo(CopyTurn.Step.LEAD);
    assertThat(step("c", away, first, second)).isEqualTo(CopyTurn.Step.WAIT);
    assertThat(CopyTurn.step(new MergedTable(List.of(away, first, second)), "c", true))
        .isEqualTo(CopyTurn.Step.LEAD);
  }

  @Test
  void with_the_structure_dropped_all_copy() {
    Part leader = part("b", TableState.IN_COPY, DROPPED);
    Part other = part("a", TableState.IN_COPY, "");
    assertThat(step("a", other, leader)).isEqualTo(CopyTurn.Step.COPY);
    assertThat(step("b", other, leader)).isEqualTo(CopyTurn.Step.COPY);
  }

  @Test
  void a_part_never_leads_when_another_one_is_copied() {
    Part late = part("a", TableState.IN_COPY, "");
    for (TableState state :
        List.of(
            TableState.CATCHING_UP, TableState.wannaSync(7), TableState.doSync(7), TableState.OK)) {
      assertThat(step("a", late, part("b", state, ""))).isEqualTo(CopyTurn.Step.COPY);
    }
  }

  @Test
  void unfinished_rows_are_removed_by_their_owner_first() {
    Part owner = part("b", TableState.IN_COPY, MergedTable.UNFINISHED + DROPPED);
    Part other = part("a", TableState.IN_COPY, "");
    assertThat(step("a", other, owner)).isEqualTo(CopyTurn.Step.WAIT);
    assertThat(step("b", other, owner)).isEqualTo(CopyTurn.Step.LEAD);
    assertThat(CopyTurn.step(new MergedTable(List.of(other, owner)), "a", true))
        .isEqualTo(CopyTurn.Step.WAIT);
  }
}

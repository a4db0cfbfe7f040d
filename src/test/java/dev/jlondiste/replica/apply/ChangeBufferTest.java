package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangeBufferTest {
  private static final TargetTable KEYED = table("keyed", TargetTable.KeyType.INTEGER);
  private static final TargetTable LOOSE = table("loose", TargetTable.KeyType.INEXACT);

  private final ChangeBuffer buffer = new ChangeBuffer();

  private static TargetTable table(String name, TargetTable.KeyType type) {
    Map<String, TargetTable.KeyType> types = Map.of("id", type, "v", TargetTable.KeyType.EXACT);
    return new TargetTable(
        new TableName("public", name),
        1,
        1,
        Set.of(),
        types,
        false,
        true,
        Set.of(),
        ComputedColumns.NONE);
  }

  private boolean add(TargetTable table, String operation, String id, String value)
      throws SQLException {
    String data = "id=" + id + "&v=" + value;
    Event event =
        new Event(1, "", 1, null, operation + ":id", data, table.name().full(), null, null, null);
    return buffer.add(table, RowChangeReader.read(event));
  }

  private static void note(List<String> changes, TableName table, RowChange change) {
    changes.add(table.name() + " " + change.operation() + " " + change.value(1));
  }

  private List<String> all() throws SQLException {
    List<String> changes = new ArrayList<>();
    buffer.forEach((table, change) -> note(changes, table, change));
    return changes;
  }

  private List<String> unfolded() throws SQLException {
    List<String> changes = new ArrayList<>();
    buffer.forEachUnfolded((table, change) -> note(changes, table, change));
    return changes;
  }

  @Test
  void changes_of_all_tables_keep_their_order() throws SQLException {
    add(KEYED, "I", "1", "a");
    add(LOOSE, "I", "1", "b");
    add(KEYED, "U", "1", "c");
    add(LOOSE, "D", "2", "d");
    assertThat(all())
        .containsExactly("keyed INSERT a", "loose INSERT b", "keyed UPDATE c", "loose DELETE d");
    assertThat(buffer.size()).isEqualTo(4);
  }

  @Test
  void only_tables_whose_rows_can_be_identified_have_a_net_effect() throws SQLException {
    add(KEYED, "I", "1", "a");
    add(LOOSE, "I", "1", "b");
    add(KEYED, "U", "1", "c");
    assertThat(buffer.netEffects()).extracting(NetEffect::table).containsExactly(KEYED);
    assertThat(buffer.netEffects().get(0).inserts().changes())
        .extracting(change -> change.value(1))
        .containsExactly("c");
    assertThat(unfolded()).containsExactly("loose INSERT b");
  }

  @Test
  void a_change_that_does_not_follow_is_not_merged() throws SQLException {
    assertThat(add(KEYED, "D", "1", "a")).isTrue();
    long bytes = buffer.bytes();
    assertThat(add(KEYED, "U", "1", "b")).isFalse();
    assertThat(buffer.bytes()).isEqualTo(bytes);
    assertThat(add(LOOSE, "I", "1", "c")).isTrue();
    assertThat(all()).containsExactly("keyed DELETE a", "loose INSERT c");
  }

  @Test
  void a_table_whose_first_key_is_not_a_number_has_no_net_effect() throws SQLException {
    assertThat(add(KEYED, "U", "seven", "a")).isTrue();
    assertThat(add(KEYED, "U", "7", "b")).isTrue();
    assertThat(buffer.netEffects()).isEmpty();
    assertThat(unfolded()).containsExactly("keyed UPDATE a", "keyed UPDATE b");
  }

  @Test
  void it_is_empty_until_a_change_is_added() throws SQLException {
    assertThat(buffer.isEmpty()).isTrue();
    assertThat(buffer.netEffects()).isEmpty();
    add(KEYED, "I", "1", "a");
    assertThat(buffer.isEmpty()).isFalse();
  }
}

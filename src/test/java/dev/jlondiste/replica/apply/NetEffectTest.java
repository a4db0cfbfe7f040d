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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The net effect of a row's changes; letters are insert, update, delete. */
class NetEffectTest {
  private static final TableName NAME = TableName.parse("public.t");

  private static RowChange change(char operation, int number, String key) {
    return RowChangeReader.read(
        new Event(
            number,
            "",
            1,
            null,
            operation + ":" + key,
            "id=7&part=1&value=" + number,
            "public.t",
            null,
            null,
            null));
  }

  private static List<RowChange> changes(String operations) {
    List<RowChange> all = new ArrayList<>();
    for (int i = 0; i < operations.length(); i++) {
      all.add(change(operations.charAt(i), i, "id"));
    }
    return all;
  }

  private final RowStore changes = new RowStore();

  private NetEffect net(String key) {
    TargetTable table =
        new TargetTable(
            NAME, 1, 1, Set.of(), Map.of(), false, true, Set.of(), ComputedColumns.NONE);
    return new NetEffect(table, change('I', 0, key).shape(), changes);
  }

  /** Adds a change as the buffer does. */
  private boolean add(NetEffect net, RowChange change) throws SQLException {
    boolean follows = net.fold(change);
    if (follows) {
      changes.add(change);
    }
    return follows;
  }

  private void addAll(NetEffect net, List<RowChange> all) throws SQLException {
    for (RowChange change : all) {
      assertThat(add(net, change)).isTrue();
    }
  }

  private static String result(NetEffect net) {
    return "D".repeat(net.deletes().size() + net.replacements().size())
        + "U".repeat(net.updates().size())
        + "I".repeat(net.inserts().size());
  }

  private static List<String> values(StoredRows rows) {
    List<String> values = new ArrayList<>();
    rows.changes().forEach(change -> values.add(String.valueOf(change.value(2))));
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "I,I", "U,U", "D,D", "IU,I", "IUU,I", "UU,U", "UD,D", "DI,DI", "DIU,DI", "DID,D", "DIDI,DI",
    "UDI,DI", "IDI,I", "IDIU,I", "UDIU,DI"
  })
  void consecutive_changes_are_merged_into_one(String operations, String expected)
      throws SQLException {
    NetEffect net = net("id");
    List<RowChange> all = changes(operations);
    addAll(net, all);
    assertThat(result(net)).isEqualTo(expected);
    String last = String.valueOf(operations.length() - 1);
    assertThat(values(net.updates())).allMatch(last::equals);
    assertThat(values(net.inserts())).allMatch(last::equals);
  }

  @ParameterizedTest
  @CsvSource({"ID", "IUD", "IDID"})
  void an_insert_and_a_delete_cancel_out(String operations) throws SQLException {
    NetEffect net = net("id");
    addAll(net, changes(operations));
    assertThat(result(net)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"IID", "IIU", "UI", "DU", "DD", "IDU", "IDD", "DII", "DIUI"})
  void a_change_that_does_not_follow_is_refused(String operations) throws SQLException {
    NetEffect net = net("id");
    List<RowChange> all = changes(operations);
    addAll(net, all.subList(0, all.size() - 1));
    assertThat(add(net, all.get(all.size() - 1))).isFalse();
  }

  @Test
  void a_change_with_other_columns_is_refused() throws SQLException {
    NetEffect net = net("id");
    assertThat(add(net, change('I', 0, "id"))).isTrue();
    assertThat(add(net, change('U', 1, "id,part"))).isFalse();
  }

  @Test
  void all_columns_of_the_key_are_compared() throws SQLException {
    NetEffect net = net("id,value");
    assertThat(add(net, change('I', 0, "id,value"))).isTrue();
    assertThat(add(net, change('I', 1, "id,value"))).isTrue();
    assertThat(net.inserts().size()).isEqualTo(2);
  }

  @Test
  void consecutive_inserts_are_left_to_the_server() throws SQLException {
    NetEffect net = net("id");
    addAll(net, changes("III"));
    assertThat(values(net.inserts())).containsExactly("0", "1", "2");
    assertThat(add(net, change('D', 3, "id"))).isFalse();
    assertThat(values(net.inserts())).containsExactly("0", "1", "2");
  }
}

package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row's changes come to; letters are insert, update, delete. */
class NetChangesTest {
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

  private static void takeAll(NetChanges net, List<RowChange> changes) throws SQLException {
    for (RowChange change : changes) {
      assertThat(net.take(change)).isTrue();
    }
  }

  private static String result(NetChanges net) {
    return "D".repeat(net.deletes().length)
        + "U".repeat(net.updates().length)
        + "I".repeat(net.inserts().length);
  }

  @ParameterizedTest
  @CsvSource({
    "I,I", "U,U", "D,D", "IU,I", "IUU,I", "UU,U", "UD,D", "DI,DI", "DIU,DI", "DID,D", "DIDI,DI",
    "UDI,DI", "IDI,I", "IDIU,I", "UDIU,DI"
  })
  void changes_that_follow_come_to_one(String operations, String expected) throws SQLException {
    NetChanges net = new NetChanges(change('I', 0, "id").shape(), false);
    List<RowChange> all = changes(operations);
    takeAll(net, all);
    assertThat(result(net)).isEqualTo(expected);
    String last = String.valueOf(operations.length() - 1);
    assertThat(IntStream.concat(IntStream.of(net.updates()), IntStream.of(net.inserts())))
        .allMatch(number -> last.equals(net.rows().change(number).value(2)));
  }

  @ParameterizedTest
  @CsvSource({"ID", "IUD", "IDID"})
  void what_came_and_went_comes_to_nothing(String operations) throws SQLException {
    NetChanges net = new NetChanges(change('I', 0, "id").shape(), false);
    takeAll(net, changes(operations));
    assertThat(result(net)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"IID", "IIU", "UI", "DU", "DD", "IDU", "IDD", "DII", "DIUI"})
  void what_does_not_follow_is_refused(String operations) throws SQLException {
    NetChanges net = new NetChanges(change('I', 0, "id").shape(), false);
    List<RowChange> all = changes(operations);
    takeAll(net, all.subList(0, all.size() - 1));
    assertThat(net.take(all.get(all.size() - 1))).isFalse();
  }

  @Test
  void another_shape_is_refused() throws SQLException {
    NetChanges net = new NetChanges(change('I', 0, "id").shape(), false);
    assertThat(net.take(change('I', 0, "id"))).isTrue();
    assertThat(net.take(change('U', 1, "id,part"))).isFalse();
  }

  @Test
  void all_columns_of_the_key_count() throws SQLException {
    NetChanges net = new NetChanges(change('I', 0, "id,value").shape(), false);
    assertThat(net.take(change('I', 0, "id,value"))).isTrue();
    assertThat(net.take(change('I', 1, "id,value"))).isTrue();
    assertThat(net.inserts()).hasSize(2);
  }

  @Test
  void inserts_alone_are_for_the_server_to_judge() throws SQLException {
    NetChanges net = new NetChanges(change('I', 0, "id").shape(), false);
    takeAll(net, changes("III"));
    assertThat(net.inserts()).containsExactly(0, 1, 2);
    assertThat(net.take(change('D', 3, "id"))).isFalse();
    assertThat(net.inserts()).containsExactly(0, 1, 2);
  }
}

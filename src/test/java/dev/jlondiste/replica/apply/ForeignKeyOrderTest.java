package dev.jlondiste.replica.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignKeyOrderTest {
  private static TableName name(String letter) {
    return new TableName("public", letter);
  }

  /** {@code b>ac}: table b refers to a and c. */
  private static TargetTable table(String text) {
    Set<TableName> parents =
        Arrays.stream(text.substring(1).replace(">", "").split(""))
            .filter(letter -> !letter.isEmpty())
            .map(ForeignKeyOrderTest::name)
            .collect(Collectors.toSet());
    return new TargetTable(
        name(text.substring(0, 1)),
        1,
        1,
        Set.of(),
        Map.of(),
        false,
        true,
        parents,
        ComputedColumns.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "a b c, abc",
    "b>a a, ab",
    "c>b b>a a, abc",
    "d>bc c>a b>a a, abcd|acbd",
    "b>ax a, ab",
    "a>b b>a c>a, abc|bac",
    "c>a a>b b>a, abc|bac"
  })
  void a_table_follows_the_tables_that_it_refers_to(String tables, String expected) {
    List<TargetTable> all =
        Arrays.stream(tables.split(" ")).map(ForeignKeyOrderTest::table).toList();
    String order =
        ForeignKeyOrder.parentsFirst(all, table -> table).stream()
            .map(table -> table.name().name())
            .collect(Collectors.joining());
    assertThat(expected.split("\\|")).contains(order);
  }
}

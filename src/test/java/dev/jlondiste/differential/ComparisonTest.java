package dev.jlondiste.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.differential.Answer.Failure;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is left out of the comparison must not take anything else with it. */
class ComparisonTest {
  private static final Set<AllowedDifference> ALL = EnumSet.allOf(AllowedDifference.class);

  private static Answer rows(Cell... cells) {
    return new Answer(
        List.of("a"), java.util.Arrays.stream(cells).map(List::of).toList(), List.of(), null);
  }

  private static Answer error(String state, String message) {
    return Answer.of(new Failure(state, message), List.of());
  }

  private static void areDifferent(Answer reference, Answer ours) {
    assertThat(Comparison.difference(reference, ours)).isPresent();
    assertThat(AllowedDifference.between(reference, ours, ALL)).isEmpty();
  }

  @Test
  void the_same_is_the_same() {
    assertThat(Comparison.difference(rows(Cell.exact("1")), rows(Cell.exact("1")))).isEmpty();
    assertThat(Comparison.difference(error("P0001", "x"), error("P0001", "x"))).isEmpty();
  }

  @Test
  void texts_nulls_and_numbers_of_rows_count() {
    areDifferent(rows(Cell.exact("1")), rows(Cell.exact("2")));
    areDifferent(rows(Cell.exact("")), rows(Cell.exact(null)));
    areDifferent(rows(Cell.exact("1")), rows(Cell.exact("1"), Cell.exact("1")));
    areDifferent(rows(Cell.exact("1"), Cell.exact("2")), rows(Cell.exact("2"), Cell.exact("1")));
  }

  @Test
  void times_may_differ_by_seconds_but_not_by_minutes_and_are_not_null() {
    assertThat(Comparison.difference(rows(Cell.clock(-3600)), rows(Cell.clock(-3595)))).isEmpty();
    areDifferent(rows(Cell.clock(-3600)), rows(Cell.clock(-3000)));
    areDifferent(rows(Cell.clock(0)), rows(Cell.exact(null)));
  }

  @Test
  void errors_count_with_message_and_class() {
    areDifferent(rows(), error("P0001", "x"));
    areDifferent(error("P0001", "x"), rows());
    areDifferent(error("P0001", "x"), error("P0001", "y"));
    areDifferent(error("42P01", "x"), error("22000", "x"));
    assertThat(AllowedDifference.between(error("P0001", "x"), error("22000", "x"), ALL))
        .contains(AllowedDifference.SQLSTATE);
  }

  @Test
  void warnings_count() {
    areDifferent(
        new Answer(List.of(), List.of(), List.of("w"), null),
        new Answer(List.of(), List.of(), List.of(), null));
  }

  @Test
  void transactions_are_distinguished_by_their_steps() {
    Transactions left = new Transactions();
    Transactions right = new Transactions();
    Transactions.know(left, right);
    left.add(100, 0);
    right.add(101, 0);
    left.add(102, 1);
    right.add(103, 1);

    assertThat(left.name("102")).isEqualTo(right.name("103")).isNotEqualTo(right.name("101"));
    assertThat(left.snapshot("100:104:100,101")).isEqualTo(right.snapshot("100:104:100,101"));
    assertThat(left.snapshot("102:104:102,103")).isNotEqualTo(left.snapshot("104:104:"));
    assertThat(left.snapshot("102:102:")).isEqualTo(right.snapshot("102:104:102,103"));
  }
}

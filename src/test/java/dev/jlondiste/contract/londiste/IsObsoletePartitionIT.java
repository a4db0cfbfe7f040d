package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.is_obsolete_partition")
class IsObsoletePartitionIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "is_obsolete_partition(i_partition_table text, i_retention_period interval, i_partition_period text) returns boolean");
    assertThat(callers()).containsExactly("londiste_writer");
  }

  @Test
  void the_name_tells_the_age() {
    assertThat(isObsolete("t_2001", "year")).isEqualTo("t");
    assertThat(isObsolete("t_2001_02", "month")).isEqualTo("t");
    assertThat(isObsolete("shop.t_2001_02_03", "day")).isEqualTo("t");
    assertThat(isObsolete("t_2001_02_03_04", "hour")).isEqualTo("t");
    assertThat(isObsolete("t_9999", "year")).isEqualTo("f");
    assertThat(isObsolete("t_9999_01_01_00", "hour")).isEqualTo("f");
  }

  @Test
  void periods_have_two_names() {
    assertThat(isObsolete("t_2001", "yearly")).isEqualTo("t");
    assertThat(isObsolete("t_2001_02", "monthly")).isEqualTo("t");
    assertThat(isObsolete("t_2001_02_03", "daily")).isEqualTo("t");
    assertThat(isObsolete("t_2001_02_03_04", "hourly")).isEqualTo("t");
  }

  @Test
  void names_of_another_form_are_neither() {
    assertThat(isObsolete("t", "year")).isEqualTo("null");
    assertThat(isObsolete("t_2001", "month")).isEqualTo("null");
    assertThat(isObsolete("t_2001_02_03", "month")).isEqualTo("null");
    assertThat(isObsolete("t_2001_02_03", "hour")).isEqualTo("null");
    assertThat(isObsolete("t_2001_02_old", "month")).isEqualTo("null");
    assertThat(isObsolete(null, "month")).isEqualTo("null");
  }

  @Test
  void the_retention_period_is_still_kept() {
    assertThat(
            lines(
                """
                select londiste.is_obsolete_partition(
                           't' || to_char(now() - age, '_YYYY_MM_DD'), '10 days', 'day')
                  from unnest(array['0 days', '9 days', '10 days', '11 days']::interval[])
                       with ordinality as a (age, nr)
                 order by nr
                """))
        .containsExactly("f", "f", "f", "t");
  }

  @Test
  void without_retention_period_nothing_is_obsolete() {
    assertThat(line("select londiste.is_obsolete_partition('t_2001', null, 'year')"))
        .isEqualTo("f");
  }

  @Test
  void other_periods_are_an_error() {
    assertMessage(
        failure("select londiste.is_obsolete_partition('t_2001', '1 year', 'century')"),
        "not supported i_partition_period: century");
    assertMessage(
        failure("select londiste.is_obsolete_partition('t_2001', '1 year', null)"),
        "not supported i_partition_period: <NULL>");
  }

  private String isObsolete(@Nullable String name, String period) {
    return line("select londiste.is_obsolete_partition(?, '1 year', ?)", name, period);
  }
}

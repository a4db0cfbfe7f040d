package dev.jlondiste.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "public.*, public.orders, true",
    "public.*, public., true",
    "public.*, audit.orders, false",
    "*, anything.at all, true",
    "a.?, a.x, true",
    "a.?, a.xy, false",
    "a.?, a., false",
    "a.?, a.\uD83D\uDE00, true",
    "a.x+y(z)\\d$, a.x+y(z)\\d$, true",
    "a.b, aXb, false",
    "A.b, a.b, false",
  })
  void stars_and_question_marks_are_the_same_everywhere(String glob, String name, boolean fits) {
    assertThat(Glob.of(glob).fits(name)).isEqualTo(fits);
    assertThat(Glob.withSets(glob).fits(name)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({
    "a.t[123], a.t2, true",
    "a.t[123], a.t4, false",
    "a.t[0-9], a.t7, true",
    "a.t[!0-9], a.t7, false",
    "a.t[!0-9], a.tx, true",
    "a.t[]x], a.t], true",
    "a.t[^x], a.t^, true",
    "a.t[x, a.t[x, true",
    "a.t[&&], a.t&, true",
  })
  void sets_are_for_ini_files(String glob, String name, boolean fits) {
    assertThat(Glob.withSets(glob).fits(name)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"a.t[123], a.t[123], true", "a.t[123], a.t2, false"})
  void brackets_are_part_of_a_name_in_commands(String glob, String name, boolean fits) {
    assertThat(Glob.of(glob).fits(name)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource({"public.*, true", "t?, true", "public.t, false", "t[12], false"})
  void a_pattern_is_more_than_a_name(String word, boolean isPattern) {
    assertThat(Glob.isPattern(word)).isEqualTo(isPattern);
  }
}

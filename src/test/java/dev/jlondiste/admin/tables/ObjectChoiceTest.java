package dev.jlondiste.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ObjectChoiceTest {
  private static final List<TableName> MISSING =
      names("public.a1", "public.a2", "public.b", "public.Odd Name", "s2.a1", "s2.x.y");
  private static final List<TableName> LOCAL = names("public.done");

  private static List<TableName> names(String... names) {
    return Stream.of(names).map(TableName::parse).toList();
  }

  private static List<TableName> chosen(String... words) {
    return ObjectChoice.of(List.of(words), false).among(MISSING, LOCAL);
  }

  @Test
  void names_are_taken_once_in_their_order() {
    assertThat(chosen("b", "public.a1", "public.b", "s2.x.y"))
        .isEqualTo(names("public.b", "public.a1", "s2.x.y"));
  }

  @Test
  void names_are_case_sensitive_and_unquoted() {
    assertThat(chosen("public.Odd Name")).isEqualTo(names("public.Odd Name"));
    assertThatThrownBy(() -> chosen("public.odd name")).isInstanceOf(UserError.class);
  }

  @Test
  void a_pattern_without_a_dot_means_public() {
    assertThat(chosen("a?")).isEqualTo(names("public.a1", "public.a2"));
  }

  @Test
  void a_star_matches_dots_too() {
    assertThat(chosen("s2.*")).isEqualTo(names("s2.a1", "s2.x.y"));
    assertThat(chosen("*.a1")).isEqualTo(names("public.a1", "s2.a1"));
  }

  @Test
  void other_signs_in_a_pattern_mean_themselves() {
    assertThat(chosen("[ab]*")).isEmpty();
    assertThat(chosen("public.Odd*")).isEqualTo(names("public.Odd Name"));
  }

  @Test
  void a_pattern_that_matches_nothing_is_empty() {
    assertThat(chosen("zz*")).isEmpty();
  }

  @Test
  void naming_a_processed_object_is_no_error() {
    assertThat(chosen("done", "b")).isEqualTo(names("public.b"));
  }

  @Test
  void an_unknown_name_stops_all() {
    assertThatThrownBy(() -> chosen("b", "nosuch"))
        .isInstanceOf(UserError.class)
        .hasMessage("Cannot proceed");
  }

  @Test
  void force_passes_unknown_names_on() {
    assertThat(new ObjectChoice(List.of("nosuch"), false, true).among(MISSING, LOCAL))
        .isEqualTo(names("public.nosuch"));
  }

  @Test
  void all_means_all_unless_there_are_words() {
    assertThat(ObjectChoice.of(List.of(), true).among(MISSING, LOCAL)).isEqualTo(MISSING);
    assertThat(ObjectChoice.of(List.of("b"), true).among(MISSING, LOCAL))
        .isEqualTo(names("public.b"));
    assertThat(ObjectChoice.of(List.of(), false).among(MISSING, LOCAL)).isEmpty();
  }
}

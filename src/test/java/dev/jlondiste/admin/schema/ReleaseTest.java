package dev.jlondiste.admin.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleaseTest {
  @Test
  void releases_are_compared_by_their_numbers() {
    assertThat(Release.parse("1.10.0"))
        .isGreaterThan(Release.parse("1.9.9"))
        .isLessThan(Release.parse("2.0.0"))
        .isEqualByComparingTo(Release.parse("1.10.0"))
        .hasToString("1.10.0");
  }

  @ParameterizedTest
  @EnumSource
  void all_schemas_have_the_same_release(SqlSchema schema) {
    assertThat(schema.script().text())
        .contains(
            "function " + schema.sqlName() + ".jlondiste_release()",
            "\nselect '" + Release.current() + "'::text;");
  }
}

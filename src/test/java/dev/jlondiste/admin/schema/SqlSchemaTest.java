package dev.jlondiste.admin.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlSchemaTest {
  @Test
  void schemas_include_their_dependencies_in_installation_order() {
    assertThat(SqlSchema.named(List.of("pgq_coop", "pgq_ext")))
        .containsExactly(SqlSchema.PGQ, SqlSchema.PGQ_EXT, SqlSchema.PGQ_COOP);
    assertThat(SqlSchema.named(List.of("londiste"))).isEqualTo(SqlSchema.STANDARD);
  }

  @Test
  void unknown_names_are_refused() {
    assertThatThrownBy(() -> SqlSchema.named(List.of("pgq", "public")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("cannot install \"public\"");
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.split_fqname")
class SplitFqnameIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "split_fqname(i_fqname text, OUT schema_part text, OUT name_part text) returns record immutable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void the_first_dot_separates() {
    assertThat(parts("shop.orders")).isEqualTo("shop | orders");
    assertThat(parts("A b.c\"d.e")).isEqualTo("A b | c\"d.e");
  }

  @Test
  void a_name_without_schema_is_in_public() {
    assertThat(parts("orders")).isEqualTo("public | orders");
  }

  @Test
  void empty_parts_stay_empty() {
    assertThat(parts("")).isEqualTo("public | ");
    assertThat(parts(".")).isEqualTo(" | ");
    assertThat(parts("shop.")).isEqualTo("shop | ");
    assertThat(parts(".orders")).isEqualTo(" | orders");
  }

  @Test
  void null_gives_nulls() {
    assertThat(parts(null)).isEqualTo("null | null");
  }

  private String parts(@Nullable String name) {
    return line("select schema_part, name_part from londiste.split_fqname(?)", name);
  }
}

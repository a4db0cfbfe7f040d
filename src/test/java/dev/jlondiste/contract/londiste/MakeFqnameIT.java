package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.make_fqname")
class MakeFqnameIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("make_fqname(i_name text) returns text immutable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void a_name_without_schema_is_in_public() {
    assertThat(fullName("orders")).isEqualTo("public.orders");
  }

  @Test
  void a_full_name_stays_as_it_is() {
    assertThat(fullName("public.orders")).isEqualTo("public.orders");
    assertThat(fullName("Odd \"s.We.ird")).isEqualTo("Odd \"s.We.ird");
  }

  /** Names are stored unquoted: quotes are part of the name. */
  @Test
  void quotes_mean_nothing() {
    assertThat(fullName("\"Orders\"")).isEqualTo("public.\"Orders\"");
  }

  @Test
  void empty_parts_are_left_alone() {
    assertThat(fullName("")).isEqualTo("public.");
    assertThat(fullName(".")).isEqualTo(".");
    assertThat(fullName(".orders")).isEqualTo(".orders");
    assertThat(fullName("shop.")).isEqualTo("shop.");
  }

  @Test
  void null_gives_null() {
    assertThat(fullName(null)).isEqualTo("null");
  }

  private String fullName(@Nullable String name) {
    return line("select londiste.make_fqname(?)", name);
  }
}

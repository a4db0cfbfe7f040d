package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.make_fqname")
class MakeFqnameIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly("make_fqname(i_name text) returns text immutable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void aNameWithoutSchemaIsInPublic() {
    assertThat(fullName("orders")).isEqualTo("public.orders");
  }

  @Test
  void aFullNameStaysAsItIs() {
    assertThat(fullName("public.orders")).isEqualTo("public.orders");
    assertThat(fullName("Odd \"s.We.ird")).isEqualTo("Odd \"s.We.ird");
  }

  /** Names are stored unquoted: quotes are part of the name. */
  @Test
  void quotesMeanNothing() {
    assertThat(fullName("\"Orders\"")).isEqualTo("public.\"Orders\"");
  }

  @Test
  void emptyPartsAreLeftAlone() {
    assertThat(fullName("")).isEqualTo("public.");
    assertThat(fullName(".")).isEqualTo(".");
    assertThat(fullName(".orders")).isEqualTo(".orders");
    assertThat(fullName("shop.")).isEqualTo("shop.");
  }

  @Test
  void nullGivesNull() {
    assertThat(fullName(null)).isEqualTo("null");
  }

  private String fullName(@Nullable String name) {
    return line("select londiste.make_fqname(?)", name);
  }
}

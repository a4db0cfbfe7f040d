package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.quote_fqname")
class QuoteFqnameIT extends LondisteContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations())
        .containsExactly("quote_fqname(i_name text) returns text immutable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void plainNamesNeedNoQuotes() {
    assertThat(quoted("shop.orders")).isEqualTo("shop.orders");
  }

  @Test
  void aNameWithoutSchemaIsInPublic() {
    assertThat(quoted("orders")).isEqualTo("public.orders");
  }

  @Test
  void keywordsUpperCaseBlanksAndQuotesAreQuoted() {
    assertThat(quoted("select.Orders")).isEqualTo("\"select\".\"Orders\"");
    assertThat(quoted("A b.c\"d")).isEqualTo("\"A b\".\"c\"\"d\"");
  }

  @Test
  void theFirstDotSeparates() {
    assertThat(quoted("shop.orders.2011")).isEqualTo("shop.\"orders.2011\"");
  }

  @Test
  void whatIsQuotedIsQuotedAgain() {
    assertThat(quoted("\"a\".\"b\"")).isEqualTo("\"\"\"a\"\"\".\"\"\"b\"\"\"");
  }

  @Test
  void emptyPartsStayVisible() {
    assertThat(quoted("")).isEqualTo("public.\"\"");
    assertThat(quoted(".")).isEqualTo("\"\".\"\"");
  }

  @Test
  void nullGivesNull() {
    assertThat(quoted(null)).isEqualTo("null");
  }

  private String quoted(@Nullable String name) {
    return line("select londiste.quote_fqname(?)", name);
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Contract("londiste.quote_fqname")
class QuoteFqnameIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("quote_fqname(i_name text) returns text immutable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void plain_names_need_no_quotes() {
    assertThat(quoted("shop.orders")).isEqualTo("shop.orders");
  }

  @Test
  void a_name_without_schema_is_in_public() {
    assertThat(quoted("orders")).isEqualTo("public.orders");
  }

  @Test
  void keywords_upper_case_blanks_and_quotes_are_quoted() {
    assertThat(quoted("select.Orders")).isEqualTo("\"select\".\"Orders\"");
    assertThat(quoted("A b.c\"d")).isEqualTo("\"A b\".\"c\"\"d\"");
  }

  @Test
  void the_first_dot_separates() {
    assertThat(quoted("shop.orders.2011")).isEqualTo("shop.\"orders.2011\"");
  }

  @Test
  void what_is_quoted_is_quoted_again() {
    assertThat(quoted("\"a\".\"b\"")).isEqualTo("\"\"\"a\"\"\".\"\"\"b\"\"\"");
  }

  @Test
  void empty_parts_stay_visible() {
    assertThat(quoted("")).isEqualTo("public.\"\"");
    assertThat(quoted(".")).isEqualTo("\"\".\"\"");
  }

  @Test
  void null_gives_null() {
    assertThat(quoted(null)).isEqualTo("null");
  }

  private String quoted(@Nullable String name) {
    return line("select londiste.quote_fqname(?)", name);
  }
}

package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Contract("pgq.quote_fqname")
class QuoteFqnameIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("quote_fqname(i_name text) returns text immutable strict");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "orders, public.orders",
        "pgq.event_1, pgq.event_1",
        "Shop.Orders, `\"Shop\".\"Orders\"`",
        "shop.a.b, `shop.\"a.b\"`",
        "select, `public.\"select\"`",
        "a b.c\"d, `\"a b\".\"c\"\"d\"`",
        "größe.x, `\"größe\".x`",
        "``, `public.\"\"`",
        ".x, `\"\".x`",
        "x., `x.\"\"`",
      })
  void the_schema_ends_at_the_first_dot(String name, String quoted) {
    assertThat(value("select pgq.quote_fqname(?)", name)).isEqualTo(quoted);
  }

  @Test
  void null_is_null() {
    assertThat(value("select pgq.quote_fqname(null)")).isNull();
  }
}

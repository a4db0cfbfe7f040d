package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq.version")
class VersionIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("version() returns text");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void tickers_find_a_new_interface() {
    assertThat(value("select pgq.version()"))
        .as("a ticker ignores databases where it is null or begins lower")
        .startsWith("3.")
        .isGreaterThanOrEqualTo("3.5");
  }
}

package dev.jlondiste.contract.londiste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("londiste.version")
class VersionIT extends LondisteContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("version() returns text");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  /** Workers restore foreign keys the lazy way from 3.7 on. */
  @Test
  void is_dotted_integers() {
    assertThat(line("select londiste.version()")).isEqualTo("3.8");
  }
}

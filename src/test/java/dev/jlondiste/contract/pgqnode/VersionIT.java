package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.version")
class VersionIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("version() returns text");
    assertThat(callers()).isEqualTo(EVERYBODY);
  }

  @Test
  void is_that_of_the_interface() {
    assertThat(call()).containsExactly("3.5");
  }
}

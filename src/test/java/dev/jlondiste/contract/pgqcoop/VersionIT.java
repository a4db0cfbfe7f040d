package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.version")
class VersionIT extends OptionalSchemaContract {
  @Test
  void it_tells_the_interface_to_everybody() {
    assertThat(value("select pgq_coop.version()")).isEqualTo("3.1.1");
    assertOpenTo("pgq_reader", "select pgq_coop.version()");
  }
}

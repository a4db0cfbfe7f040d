package dev.jlondiste.contract.pgqcoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaTest;
import org.junit.jupiter.api.Test;

@Contract("pgq_coop.jlondiste_release")
class JlondisteReleaseIT extends OptionalSchemaTest {
  @Test
  void it_tells_the_release_of_all_schemas_to_everybody() throws Exception {
    assertThat(value("select pgq_coop.jlondiste_release()"))
        .isEqualTo(value("select pgq.jlondiste_release()"));
    assertOpenTo("pgq_reader", "select pgq_coop.jlondiste_release()");
  }
}

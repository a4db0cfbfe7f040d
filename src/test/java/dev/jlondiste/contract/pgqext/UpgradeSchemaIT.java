package dev.jlondiste.contract.pgqext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.OptionalSchemaContract;
import org.junit.jupiter.api.Test;

@Contract("pgq_ext.upgrade_schema")
class UpgradeSchemaIT extends OptionalSchemaContract {
  @Test
  void there_is_nothing_to_do() {
    assertThat(value("select pgq_ext.upgrade_schema()")).isEqualTo("0");
    assertThat(value("select pgq_ext.upgrade_schema()")).isEqualTo("0");
  }
}

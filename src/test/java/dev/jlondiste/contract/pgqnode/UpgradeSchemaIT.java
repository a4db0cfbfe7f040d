package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.upgrade_schema")
class UpgradeSchemaIT extends NodeContract {
  @Test
  void isDeclaredAsClientsKnowIt() {
    assertThat(declarations()).containsExactly("upgrade_schema() returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void thereIsNothingToDo() {
    assertThat(call()).containsExactly("0");
  }

  @Test
  void nodesOfAnOldInstallationGetAttributes() {
    String queue = root();
    ask("alter table pgq_node.node_info drop column node_attrs");

    assertThat(call()).containsExactly("1");

    assertThat(run("set_node_attrs", queue, "k=v")).startsWith("200");
    assertThat(call()).containsExactly("0");
  }
}

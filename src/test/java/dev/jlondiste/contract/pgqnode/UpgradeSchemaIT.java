package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.upgrade_schema")
class UpgradeSchemaIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations()).containsExactly("upgrade_schema() returns integer");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void there_is_nothing_to_do() {
    assertThat(call()).containsExactly("0");
  }

  @Test
  void nodes_of_an_old_installation_get_attributes() {
    String queue = root();
    ask("alter table pgq_node.node_info drop column node_attrs");

    assertThat(call()).containsExactly("1");

    assertThat(run("set_node_attrs", queue, "k=v")).startsWith("200");
    assertThat(call()).containsExactly("0");
  }
}

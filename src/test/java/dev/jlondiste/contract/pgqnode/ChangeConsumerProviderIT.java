package dev.jlondiste.contract.pgqnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq_node.change_consumer_provider")
class ChangeConsumerProviderIT extends NodeContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "change_consumer_provider(i_queue_name text, i_consumer_name text,"
                + " i_new_provider text, OUT ret_code integer, OUT ret_note text)"
                + " returns record security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void the_consumer_has_to_notice_it() {
    String queue = leaf(5);
    run("set_consumer_error", queue, WORKER, "broken");
    run("set_consumer_paused", queue, WORKER, true);
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(call(queue, WORKER, OTHER))
        .containsExactly("200", "Consumer provider node set to : other");

    assertThat(consumer(queue, WORKER)).containsExactly(OTHER, "5", "t", "f", "broken");
  }

  @Test
  void also_when_it_is_the_same() {
    String queue = leaf(5);
    run("set_consumer_uptodate", queue, WORKER, true);

    assertThat(call(queue, WORKER, PROVIDER)).startsWith("200");

    assertThat(consumer(queue, WORKER)).containsExactly(PROVIDER, "5", "f", "f", null);
  }

  @Test
  void other_consumers_stay_where_they_are() {
    String queue = leaf(5);
    run("register_consumer", queue, "c", PROVIDER, 7L);
    run("set_consumer_uptodate", queue, "c", true);

    call(queue, WORKER, OTHER);

    assertThat(consumer(queue, "c")).containsExactly(PROVIDER, "7", "f", "t", null);
  }

  @Test
  void the_provider_must_be_known() {
    String queue = leaf(5);
    List<Object> before = everything(queue);

    assertThat(call(queue, WORKER, "stranger"))
        .containsExactly("404", "New node not found: stranger");
    assertThat(call(queue, WORKER, null)).containsExactly("404", null);
    assertThat(call("nowhere", WORKER, OTHER)).containsExactly("404", "New node not found: other");
    assertThat(call(null, WORKER, OTHER)).containsExactly("404", "New node not found: other");

    assertThat(everything(queue)).isEqualTo(before);
  }

  @Test
  void the_consumer_must_be_known() {
    String queue = leaf(5);

    assertThat(call(queue, "stranger", OTHER))
        .containsExactly("404", "Unknown consumer: " + queue + "/stranger");
    assertThat(call(queue, null, OTHER)).containsExactly("404", null);
  }
}

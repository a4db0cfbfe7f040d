package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import org.junit.jupiter.api.Test;

@Contract("pgq.current_event_table")
class CurrentEventTableIT extends PgqContract {
  private static final String CALL = "select pgq.current_event_table(?)";

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly("current_event_table(x_queue_name text) returns text");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void it_is_where_events_go_now() {
    String queue = queue();
    assertThat(value(CALL, queue)).isEqualTo(children(queue).get(0));

    configure(queue, "queue_cur_table = 1");
    assertThat(value(CALL, queue)).isEqualTo(children(queue).get(1));
  }

  @Test
  void the_name_is_not_quoted() {
    String queue = queue();
    configure(queue, "queue_data_pfx = 'My schema.my \"table'");

    assertThat(value(CALL, queue)).isEqualTo("My schema.my \"table_0");
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal(CALL, "nowhere")).isEqualTo("Event queue not found");
    assertThat(refusal(CALL, new Object[] {null})).isEqualTo("Event queue not found");
  }

  @Test
  void a_disabled_queue_is_for_replicas_only() {
    String queue = queue();
    configure(queue, "queue_disable_insert = true");
    try (Session writer = open()) {
      assertThat(writer.failure(CALL, queue).message()).isEqualTo("Writing to queue disabled");
      writer.ask("set session_replication_role = local");
      assertThat(writer.failure(CALL, queue).message()).isEqualTo("Writing to queue disabled");
      writer.ask("set session_replication_role = replica");
      assertThat(writer.value(CALL, queue)).isEqualTo(children(queue).get(0));
    }
  }

  @Test
  void what_is_copied_there_is_an_event_of_the_transaction() {
    String queue = queue();
    subscribe(queue, "c");
    ask(
        "insert into "
            + value(CALL, queue)
            + " (ev_time, ev_data) values (now(), 'a'), (now(), 'b')");
    tick(queue);

    assertThat(consume(queue, "c")).containsExactly("a", "b");
  }
}

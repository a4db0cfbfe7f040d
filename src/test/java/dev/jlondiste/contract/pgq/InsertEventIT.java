package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq.insert_event")
class InsertEventIT extends PgqContract {
  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "insert_event(queue_name text, ev_type text, ev_data text) returns bigint",
            "insert_event(queue_name text, ev_type text, ev_data text, ev_extra1 text,"
                + " ev_extra2 text, ev_extra3 text, ev_extra4 text) returns bigint"
                + " security definer");
    assertThat(callers()).isEqualTo(WRITERS);
  }

  @Test
  void an_event_has_type_and_data() {
    String queue = queue();

    assertThat(number("select pgq.insert_event(?, 'type', 'data')", queue)).isEqualTo(1);
    assertThat(number("select pgq.insert_event(?, null, null)", queue)).isEqualTo(2);

    assertThat(stored(queue, "ev_id, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4"))
        .containsExactly(
            Arrays.asList("1", "type", "data", null, null, null, null),
            Arrays.asList("2", null, null, null, null, null, null));
  }

  @Test
  void an_event_may_have_four_fields_more() {
    String queue = queue();

    value("select pgq.insert_event(?, 't', 'd', 'e1', 'e2', 'e3', 'e4')", queue);

    assertThat(stored(queue, "ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4"))
        .containsExactly(List.of("t", "d", "e1", "e2", "e3", "e4"));
  }

  @Test
  void it_belongs_to_everybody_and_to_its_transaction() {
    String queue = queue();
    try (Session writer = open().begin()) {
      writer.value("select pgq.insert_event(?, 't', 'd')", queue);
      assertThat(
              writer.row(
                  "select ev_owner, ev_retry, ev_txid = txid_current(), ev_time = now() from "
                      + setting(queue, "queue_data_pfx")))
          .containsExactly(null, null, "t", "t");
    }
  }

  @Test
  void the_short_form_goes_through_the_long_one() {
    String queue = queue();
    try (Session observer = open().begin()) {
      observer.ask(
          """
          create or replace function pgq.insert_event(queue_name text, ev_type text, ev_data text,
              ev_extra1 text, ev_extra2 text, ev_extra3 text, ev_extra4 text)
          returns bigint language sql as 'select -7::bigint'
          """);

      assertThat(observer.number("select pgq.insert_event(?, 't', 'd')", queue)).isEqualTo(-7);
    }
  }

  @Test
  void untyped_arguments_find_their_function() {
    String queue = queue();

    assertThat(number("select pgq.insert_event('" + queue + "', 't', 'd', null, null, null, null)"))
        .isEqualTo(1);
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal("select pgq.insert_event('nowhere', 't', 'd')")).isEqualTo("No such queue");
    assertThat(refusal("select pgq.insert_event(null, 't', 'd')"))
        .isEqualTo("Queue name must not be NULL");
  }

  @Test
  void who_may_only_write_events_writes_through_this() {
    String queue = queue();
    try (Session writer = open().as("pgq_writer")) {
      assertThat(writer.number("select pgq.insert_event(?, 't', 'd')", queue)).isEqualTo(1);
      assertThat(
              writer
                  .failure("insert into " + children(queue).get(0) + " (ev_time) values (now())")
                  .state())
          .isEqualTo("42501");
    }
  }

  @Test
  void who_may_only_read_events_may_not_write_them() {
    String queue = queue();
    try (Session reader = open().as("pgq_reader")) {
      assertThat(reader.failure("select pgq.insert_event(?, 't', 'd')", queue).message())
          .isEqualTo("permission denied for function insert_event");
    }
    assertThat(stored(queue, "1")).isEmpty();
  }

  @Test
  void a_rolled_back_event_is_gone_and_its_id_is_not_used_again() {
    String queue = queue();
    try (Session writer = open().begin()) {
      writer.value("select pgq.insert_event(?, 't', 'd')", queue);
      writer.rollback();
    }

    assertThat(insert(queue, "next")).isEqualTo(2);
    assertThat(stored(queue, "ev_data")).containsExactly(List.of("next"));
  }
}

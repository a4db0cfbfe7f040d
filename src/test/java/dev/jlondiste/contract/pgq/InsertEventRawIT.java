package dev.jlondiste.contract.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.contract.Contract;
import dev.jlondiste.contract.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

@Contract("pgq.insert_event_raw")
class InsertEventRawIT extends PgqContract {
  private static final String PLAIN =
      "select pgq.insert_event_raw(?, null, null, null, null, 't', 'd', null, null, null, null)";

  private String limited(int events) {
    String queue = queue();
    configure(queue, "queue_per_tx_limit = " + events);
    return queue;
  }

  private String disabled() {
    String queue = queue();
    configure(queue, "queue_disable_insert = true");
    return queue;
  }

  private String limitOf(String queue, int events) {
    return "Queue '" + queue + "' allows max " + events + " events from one TX";
  }

  @Test
  void is_declared_as_clients_know_it() {
    assertThat(declarations())
        .containsExactly(
            "insert_event_raw(queue_name text, ev_id bigint, ev_time timestamptz, ev_owner integer,"
                + " ev_retry integer, ev_type text, ev_data text, ev_extra1 text, ev_extra2 text,"
                + " ev_extra3 text, ev_extra4 text) returns bigint");
    assertThat(callers()).isEqualTo(ADMINS);
  }

  @Test
  void every_field_is_the_callers() {
    String queue = queue();

    assertThat(
            number(
                "select pgq.insert_event_raw(?, 77, '2001-02-03 04:05:06+00', 5, 6,"
                    + " 't', 'd', 'e1', 'e2', 'e3', 'e4')",
                queue))
        .isEqualTo(77);

    assertThat(
            stored(
                queue,
                "ev_id, ev_time at time zone 'UTC', ev_owner, ev_retry, ev_type, ev_data,"
                    + " ev_extra1, ev_extra2, ev_extra3, ev_extra4"))
        .containsExactly(
            List.of("77", "2001-02-03 04:05:06", "5", "6", "t", "d", "e1", "e2", "e3", "e4"));
  }

  @Test
  void what_is_not_given_is_found_out() {
    String queue = queue();
    try (Session writer = open().begin()) {
      assertThat(writer.number(PLAIN, queue)).isEqualTo(1);
      assertThat(
              writer.row(
                  "select ev_id, ev_time = now(), ev_txid = txid_current(), ev_owner, ev_retry from "
                      + setting(queue, "queue_data_pfx")))
          .containsExactly("1", "t", "t", null, null);
    }
  }

  @Test
  void an_id_of_the_callers_takes_one_of_the_queue_too() {
    String queue = queue();
    value(
        "select pgq.insert_event_raw(?, 77, null, null, null, 't', 'd', null, null, null, null)",
        queue);

    assertThat(number(PLAIN, queue)).isEqualTo(2);
  }

  @Test
  void it_goes_to_the_current_table() {
    String queue = queue();
    configure(queue, "queue_cur_table = 2");

    value(PLAIN, queue);

    assertThat(column("select tableoid::regclass::text from " + setting(queue, "queue_data_pfx")))
        .containsExactly(children(queue).get(2));
  }

  @Test
  void the_queue_must_exist() {
    assertThat(refusal(PLAIN, "nowhere")).isEqualTo("No such queue");
    assertThat(refusal(PLAIN, new Object[] {null})).isEqualTo("Queue name must not be NULL");
  }

  @Test
  void a_disabled_queue_takes_events_of_replicas_only() {
    String queue = disabled();
    try (Session writer = open()) {
      assertThat(writer.failure(PLAIN, queue).message()).isEqualTo("Insert into queue disallowed");
      writer.ask("set session_replication_role = local");
      assertThat(writer.failure(PLAIN, queue).message()).isEqualTo("Insert into queue disallowed");
      writer.ask("set session_replication_role = replica");
      assertThat(writer.number(PLAIN, queue)).as("refused ones took ids").isEqualTo(3);
    }
    assertThat(stored(queue, "ev_id")).containsExactly(List.of("3"));
  }

  @Test
  void a_role_of_our_own_stands_in_for_who_may_not_set_the_servers() {
    assumeOurs("a setting of ours");
    String queue = disabled();
    try (Session daemon = open()) {
      daemon.ask("set pgq.session_replication_role = 'replica'");
      assertThat(daemon.number(PLAIN, queue)).isPositive();
      daemon.ask("set pgq.session_replication_role = 'local'");
      assertThat(daemon.failure(PLAIN, queue).message()).isEqualTo("Insert into queue disallowed");
    }
  }

  @Test
  void a_refusal_says_where_to_write() {
    Failure failure = failure(PLAIN, disabled());

    // the original gives no hints
    assertThat(failure.hint())
        .isEqualTo(
            installation().isOurs() ? "this database is a branch: write on the root node" : null);
  }

  @Test
  void a_transaction_may_insert_up_to_the_limit() {
    String queue = limited(2);
    try (Session writer = open().begin()) {
      writer.number(PLAIN, queue);
      writer.number(PLAIN, queue);
      assertThat(writer.failure(PLAIN, queue).message()).isEqualTo(limitOf(queue, 2));
      writer.rollback();
    }
    assertThat(stored(queue, "1")).isEmpty();
  }

  @Test
  void every_transaction_counts_anew() {
    String queue = limited(1);
    try (Session writer = open().begin()) {
      writer.number(PLAIN, queue);
      writer.commit();
      writer.number(PLAIN, queue);
      writer.commit();
    }
    assertThat(stored(queue, "ev_id")).containsExactly(List.of("1"), List.of("2"));
  }

  @Test
  void every_queue_counts_for_itself() {
    String one = limited(1);
    String other = limited(1);
    try (Session writer = open().begin()) {
      writer.number(PLAIN, one);
      writer.number(PLAIN, other);
      assertThat(writer.failure(PLAIN, one).message()).isEqualTo(limitOf(one, 1));
    }
  }

  @Test
  void a_limit_of_nothing_forbids_all() {
    String queue = limited(0);

    assertThat(refusal(PLAIN, queue)).isEqualTo(limitOf(queue, 0));
  }

  @Test
  void one_statement_counts_as_its_transaction_does() {
    String queue = limited(3);

    assertThat(
            refusal("select pgq.insert_event(?, 't', i::text) from generate_series(1, 4) i", queue))
        .isEqualTo(limitOf(queue, 3));
    assertThat(
            column("select pgq.insert_event(?, 't', i::text) from generate_series(1, 3) i", queue))
        .hasSize(3);
  }

  @Test
  void what_is_rolled_back_to_a_savepoint_does_not_count() {
    String queue = limited(2);
    try (Session writer = open().begin()) {
      writer.number(PLAIN, queue);
      writer.ask("savepoint s");
      writer.number(PLAIN, queue);
      writer.ask("rollback to s");

      // the original counts events that it should have discarded
      if (installation().isOurs()) {
        assertThat(writer.number(PLAIN, queue)).isEqualTo(3);
      } else {
        assertThat(writer.failure(PLAIN, queue).message()).isEqualTo(limitOf(queue, 2));
      }
    }
  }

  @Test
  void a_direct_copy_is_not_counted() {
    String queue = limited(1);
    try (Session writer = open().begin()) {
      writer.ask(
          "insert into "
              + children(queue).get(0)
              + " (ev_time) select now() from generate_series(1, 5)");

      assertThat(writer.number(PLAIN, queue)).isEqualTo(6);
    }
  }
}
